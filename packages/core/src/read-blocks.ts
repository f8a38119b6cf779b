import type { BackendRequest, BackendResult } from './audio-backend.js'
import { callBackend, heedsSignal } from './call-backend.js'
import { checkResult } from './check-result.js'
import type { Session } from './session.js'

/**
 * The blocks of a handle, checked, empty ones left out. Leaving the loop ends the backend's work; an abort rejects with
 * `signal.reason`.
 */
export async function* readBlocks(
  { backend, handle, options, label }: Session,
  request: BackendRequest & { readonly blockFrames: number },
  expected: { readonly sampleRate: number; readonly channels: number },
): AsyncGenerator<BackendResult, void, undefined> {
  const { signal } = request
  // Its length is that of all blocks together, which nobody holds at once.
  const limits = { ...request.limits, maxOutputBytes: Number.MAX_SAFE_INTEGER }
  const start = async (): Promise<AsyncIterator<BackendResult> | undefined> =>
    handle.blocks?.({ ...request, limits })[Symbol.asyncIterator]()
  const iterator = await callBackend(backend, label, signal, start)
  if (iterator === undefined) return
  try {
    for (;;) {
      const next = await callBackend(backend, label, signal, async () => iterator.next())
      if (next.done === true) return
      checkResult(next.value, expected, options.limits, backend.name, label)
      if (next.value.data.length > 0) yield next.value
    }
  } finally {
    // After an abort a generator that was left behind answers only when its pending step ends.
    const ended = iterator.return?.().then(
      () => {},
      () => {},
    )
    if (heedsSignal(backend) || signal?.aborted !== true) await ended
  }
}
