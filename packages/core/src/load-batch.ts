import type { AudioData } from './audio-data.js'
import type { AudioInput } from './audio-input.js'
import { BatchIterator } from './batch-iterator.js'
import { checkBatchOptions } from './check-options.js'
import { AudioDecodeError, isAudioDecodeError } from './errors.js'
import { loadChecked } from './load-checked.js'
import type { BatchOptions } from './load-options.js'
import { threadBudget } from './registry.js'

/** What became of one input of a batch. */
export type BatchItem<R> = {
  /** Place among the inputs, from 0. */
  readonly index: number
  /** The input itself. */
  readonly input: AudioInput
} & (
  | { readonly ok: true; readonly value: R; readonly error?: undefined }
  | { readonly ok: false; readonly value?: undefined; readonly error: AudioDecodeError }
)

/**
 * Many files, at most `concurrency` in flight, yielded as they finish (or `ordered`). A failed file is an item, never the end. At
 * most `concurrency` results exist that the consumer has not taken, so that a slow consumer slows the decoding. Leaving the loop
 * aborts what is in flight and stops pulling from `inputs`. Can be iterated once.
 *
 * @throws TypeError or RangeError for bad options, at once.
 */
export function loadBatch(
  inputs: Iterable<AudioInput> | AsyncIterable<AudioInput>,
  options?: BatchOptions,
): AsyncIterable<BatchItem<AudioData>> {
  const { concurrency = threadBudget(), ordered, ...rest } = checkBatchOptions(options)
  const source = iteratorOf(inputs)
  // Files in flight share the threads among themselves.
  const threads = rest.threads ?? Math.max(1, Math.floor(threadBudget() / concurrency))
  const decode = async (input: AudioInput, signal: AbortSignal): Promise<AudioData> =>
    loadChecked(input, { ...rest, threads, signal })
  const work = async (
    input: AudioInput,
    index: number,
    signal: AbortSignal,
  ): Promise<BatchItem<AudioData>> => {
    try {
      return { index, input, ok: true, value: await decode(input, signal) }
    } catch (error) {
      return { index, input, ok: false, error: toItemError(error) }
    }
  }
  const open = (): AsyncIterator<BatchItem<AudioData>> =>
    new BatchIterator(source(), work, { concurrency, ordered, signal: rest.signal })
  return { [Symbol.asyncIterator]: once(open) }
}

function iteratorOf(
  inputs: unknown,
): () => Iterator<AudioInput, unknown> | AsyncIterator<AudioInput, unknown> {
  if (typeof inputs === 'object' && inputs !== null && !ArrayBuffer.isView(inputs)) {
    const iterable = inputs as Partial<Iterable<AudioInput> & AsyncIterable<AudioInput>>
    const asynchronous = iterable[Symbol.asyncIterator]
    if (typeof asynchronous === 'function') return () => asynchronous.call(iterable)
    const synchronous = iterable[Symbol.iterator]
    if (typeof synchronous === 'function') return () => synchronous.call(iterable)
  }
  throw new TypeError('inputs must be an array or another iterable of audio inputs')
}

function once<T>(open: () => T): () => T {
  let opened = false
  return () => {
    if (opened) throw new TypeError('a batch can be iterated once')
    opened = true
    return open()
  }
}

function toItemError(error: unknown): AudioDecodeError {
  if (isAudioDecodeError(error)) return error
  const reason = error instanceof Error ? error.message : String(error)
  // An input of the wrong type, or options that do not fit this file.
  return new AudioDecodeError('ERR_UNSUPPORTED_FORMAT', reason, { cause: error })
}
