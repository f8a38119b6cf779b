import { setTimeout as sleep } from 'node:timers/promises'

import { HubStatusError } from './hub-error.js'

/** Without a byte for so long, a connection counts as dead. */
const SILENCE_MS = 30_000
/** Failures in a row before giving up. */
const MOST_FAILURES = 4
const PAUSE_MS = 300

/** How the hub is asked. */
export interface HubAccess {
  readonly endpoint: string
  readonly token: string | undefined
  readonly signal: AbortSignal | undefined
  /** Pause before the first repetition; doubled each time. Default 300. */
  readonly pauseMs?: number | undefined
}

/** `fetch` that shows the token to the hub alone, and fails on any answer but success. Redirects to other hosts lose the token. */
export function hubFetch({ endpoint, token, signal }: HubAccess): typeof fetch {
  return async (input, init) => {
    const url = String(input instanceof Request ? input.url : input)
    const headers = new Headers(init?.headers)
    const isOfHub = new URL(url).origin === new URL(endpoint).origin
    if (token !== undefined && isOfHub) headers.set('authorization', `Bearer ${token}`)
    const response = await fetch(url, {
      ...init,
      headers,
      signal: anyOf([signal, init?.signal ?? undefined]),
    })
    if (response.ok) return response
    await response.body?.cancel()
    throw new HubStatusError(response.status, url)
  }
}

/** A body, chunk after chunk; fails when nothing comes for half a minute. `open` gets a signal that ends it. */
export async function* readBody(
  open: (signal: AbortSignal) => Promise<Response>,
  silenceMs: number = SILENCE_MS,
): AsyncGenerator<{ response: Response; chunk: Uint8Array }> {
  const controller = new AbortController()
  const reason = new Error(`nothing has come for ${silenceMs / 1000} s`)
  const timer = setTimeout(() => controller.abort(reason), silenceMs)
  try {
    const response = await open(controller.signal)
    for await (const chunk of response.body ?? []) {
      timer.refresh()
      yield { response, chunk: chunk as Uint8Array }
    }
  } finally {
    clearTimeout(timer)
    controller.abort()
  }
}

/** Repeats what failed by a bad connection or a busy server. `action` says through `progressed` that it got further. */
export async function withRetries<T>(
  { signal, pauseMs = PAUSE_MS }: HubAccess,
  action: (progressed: () => void) => Promise<T>,
): Promise<T> {
  for (let failures = 0; ;) {
    try {
      return await action(() => {
        failures = 0
      })
    } catch (error) {
      signal?.throwIfAborted()
      failures += 1
      if (failures >= MOST_FAILURES || !mayPass(error)) throw error
      const pause = pauseMs * 2 ** (failures - 1)
      await sleep(pause, undefined, signal === undefined ? {} : { signal }).catch(() => undefined)
      signal?.throwIfAborted()
    }
  }
}

/** Whether the same request may succeed later. */
function mayPass(error: unknown): boolean {
  if (error instanceof HubStatusError) return error.status === 429 || error.status >= 500
  // What fetch throws: a TypeError whose cause is of the network. Files that cannot be written do not get better.
  return error instanceof Error && !('syscall' in error && 'path' in error) && !('code' in error)
}

function anyOf(signals: readonly (AbortSignal | undefined)[]): AbortSignal | null {
  const given = signals.filter((signal) => signal !== undefined)
  return given.length === 0 ? null : AbortSignal.any(given)
}
