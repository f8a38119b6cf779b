import { AudioDecodeError } from '../errors.js'
import type { Limits } from '../limits.js'
import { toInputError } from './input-errors.js'
import { readResponse } from './read-response.js'

/** Redirects followed before giving up. */
const MAX_REDIRECTS = 5

/**
 * The body of an http: or https: URL, under `limits`: whether the network may be used at all, the size, and the longest silence
 * before and between data. At most five redirects, to http and https only and never from https back to http.
 */
export async function fetchUrl(
  url: URL,
  label: string,
  limits: Limits,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  if (!limits.network) {
    throw new AudioDecodeError(
      'ERR_LIMIT_EXCEEDED',
      `${label} needs the network, which limits.network: false forbids. Allow it, or pass the bytes.`,
      { input: label },
    )
  }
  const watch = watchSilence(label, limits.networkTimeoutMs, signal)
  try {
    const response = await followRedirects(url, label, watch)
    return await readResponse(response, label, limits, watch.signal, watch.heard)
  } catch (error) {
    signal?.throwIfAborted()
    throw error instanceof TypeError ? networkError(error, label) : error
  } finally {
    watch.end()
  }
}

async function followRedirects(start: URL, label: string, watch: SilenceWatch): Promise<Response> {
  const authorization = basicAuthorization(start)
  let url = withoutCredentials(start)
  for (let redirects = 0; ; redirects++) {
    const response = await fetch(url.href, {
      redirect: 'manual',
      signal: watch.signal,
      headers: {
        // Content-Length then counts what arrives.
        'accept-encoding': 'identity',
        // No other server is told the password.
        ...(authorization !== null && url.origin === start.origin && { authorization }),
      },
    })
    watch.heard()
    const location = response.headers.get('location')
    if (!REDIRECTS.has(response.status) || location === null) return response
    await response.body?.cancel()
    if (redirects === MAX_REDIRECTS) {
      throw refused(label, `was redirected more than ${MAX_REDIRECTS} times`)
    }
    url = redirectTarget(url, location, label)
  }
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

function redirectTarget(from: URL, location: string, label: string): URL {
  if (!URL.canParse(location, from.href)) throw refused(label, 'was redirected to no valid address')
  const target = new URL(location, from.href)
  if (target.protocol !== 'http:' && target.protocol !== 'https:') {
    throw refused(label, `was redirected to a ${target.protocol} address`)
  }
  if (from.protocol === 'https:' && target.protocol === 'http:') {
    throw refused(label, 'was redirected from https to unprotected http')
  }
  return withoutCredentials(target)
}

/** The URL without user name and password, which fetch() refuses and messages should not show. */
export function withoutCredentials(url: URL): URL {
  const plain = new URL(url.href)
  plain.username = ''
  plain.password = ''
  return plain
}

function basicAuthorization({ username, password }: URL): string | null {
  if (username === '' && password === '') return null
  const pair = `${percentDecoded(username)}:${percentDecoded(password)}`
  return `Basic ${Buffer.from(pair).toString('base64')}`
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // A stray % stands for itself.
    return text
  }
}

interface SilenceWatch {
  /** Fires with the caller's reason, or with ERR_IO after too long a silence. */
  readonly signal: AbortSignal
  /** Something arrived: the wait begins anew. */
  heard(): void
  end(): void
}

function watchSilence(label: string, timeoutMs: number, outer?: AbortSignal): SilenceWatch {
  outer?.throwIfAborted()
  const controller = new AbortController()
  const stop = (): void => controller.abort(outer?.reason)
  outer?.addEventListener('abort', stop, { once: true })
  const wait = Math.min(timeoutMs, 2 ** 31 - 1)
  const timer = setTimeout(() => controller.abort(silent(label, wait)), wait)
  return {
    signal: controller.signal,
    heard: () => timer.refresh(),
    end() {
      clearTimeout(timer)
      outer?.removeEventListener('abort', stop)
    },
  }
}

function silent(label: string, timeoutMs: number): AudioDecodeError {
  return new AudioDecodeError(
    'ERR_IO',
    `${label} sent nothing for ${timeoutMs} ms. Try again, or raise limits.networkTimeoutMs.`,
    { input: label },
  )
}

function refused(label: string, what: string): AudioDecodeError {
  return new AudioDecodeError('ERR_IO', `${label} ${what}. Use the final address directly.`, {
    input: label,
  })
}

/** fetch() reports failures as "fetch failed" and keeps the reason in `cause`. */
function networkError(error: TypeError, label: string): AudioDecodeError {
  const reason = error.cause instanceof Error ? error.cause : error
  return toInputError(new Error(reason.message, { cause: error }), label)
}
