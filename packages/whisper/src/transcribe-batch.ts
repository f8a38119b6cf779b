import { AudioDecodeError, isAudioDecodeError } from '@audiodecode/core'
import type { AudioInput, BatchItem, TranscriptionResult } from '@audiodecode/core'

/** One input of a batch, transcribed. */
export type TranscribeOne = (input: AudioInput, signal: AbortSignal) => Promise<TranscriptionResult>

/**
 * Transcribes many inputs, `concurrency` at a time, yielded as they finish. A failed one is an item. At most as many results wait
 * to be taken; leaving the loop ends the work.
 */
export async function* transcribeBatch(
  inputs: Iterable<AudioInput>,
  transcribe: TranscribeOne,
  { concurrency, signal }: { concurrency: number; signal: AbortSignal | undefined },
): AsyncGenerator<BatchItem<TranscriptionResult>, void, undefined> {
  signal?.throwIfAborted()
  const stop = new AbortController()
  const onAbort = (): void => stop.abort(signal?.reason)
  signal?.addEventListener('abort', onAbort, { once: true })
  const source = inputs[Symbol.iterator]()
  const running = new Map<number, Promise<BatchItem<TranscriptionResult>>>()
  let index = 0
  const begin = (): boolean => {
    const next = source.next()
    if (next.done === true) return false
    running.set(index, transcribeItem(next.value, index, transcribe, stop.signal))
    index += 1
    return true
  }
  try {
    while (true) {
      while (running.size < concurrency && begin());
      if (running.size === 0) return
      const item = await Promise.race(running.values())
      signal?.throwIfAborted()
      running.delete(item.index)
      yield item
    }
  } finally {
    signal?.removeEventListener('abort', onAbort)
    stop.abort(new Error('the consumer left the batch'))
    await Promise.all(running.values())
    source.return?.()
  }
}

async function transcribeItem(
  input: AudioInput,
  index: number,
  transcribe: TranscribeOne,
  signal: AbortSignal,
): Promise<BatchItem<TranscriptionResult>> {
  try {
    return { index, input, ok: true, value: await transcribe(input, signal) }
  } catch (error) {
    return { index, input, ok: false, error: toItemError(error) }
  }
}

function toItemError(error: unknown): AudioDecodeError {
  if (isAudioDecodeError(error)) return error
  const reason = error instanceof Error ? error.message : String(error)
  // An input of the wrong type, or options that do not fit this model.
  return new AudioDecodeError('ERR_UNSUPPORTED_FORMAT', reason, { cause: error })
}
