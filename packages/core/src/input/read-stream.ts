import { types } from 'node:util'

import type { Limits } from '../limits.js'
import { abortable } from './abortable.js'
import type { ByteCollector } from './byte-collector.js'
import { collectBytes } from './byte-collector.js'
import { toInputError } from './input-errors.js'

/** How to read a stream to its end. */
export interface ReadStreamOptions {
  readonly label: string
  readonly limits: Limits
  readonly signal?: AbortSignal | undefined
  /** Size to expect, a hint. */
  readonly promisedBytes?: number | undefined
  /** Called with every chunk. */
  readonly onChunk?: (() => void) | undefined
}

/**
 * All bytes of a stream. Leaving early (limit, abort, failure) cancels it without waiting for it. What the stream throws is the
 * cause of ERR_IO; a chunk that is no Uint8Array is a TypeError.
 */
export async function readStream(
  stream: AsyncIterable<unknown> | ReadableStream<unknown>,
  options: ReadStreamOptions,
): Promise<Uint8Array> {
  const { label, limits, signal, promisedBytes } = options
  signal?.throwIfAborted()
  const collector = collectBytes(label, limits, signal, promisedBytes)
  const source = 'getReader' in stream ? fromReader(stream) : fromIterable(stream)
  let ended = false
  try {
    for (;;) {
      const result = await nextChunk(source, options)
      if (result.done === true) break
      await addChunk(collector, result.value, options)
    }
    ended = true
    return await collector.finish()
  } finally {
    if (!ended) source.leave(signal?.aborted === true ? signal.reason : undefined)
    else source.release()
  }
}

interface Chunk {
  readonly done?: boolean | undefined
  readonly value?: unknown
}

interface ChunkSource {
  next(): Promise<Chunk>
  /** Stops the producer; nobody waits for it, since it may hang. */
  leave(reason: unknown): void
  release(): void
}

function fromReader(stream: ReadableStream<unknown>): ChunkSource {
  if (stream.locked) throw new TypeError('the stream is locked: something else is reading it')
  const reader = stream.getReader()
  return {
    next: () => reader.read(),
    leave(reason) {
      reader.cancel(reason).catch(() => {})
      reader.releaseLock()
    },
    release: () => reader.releaseLock(),
  }
}

function fromIterable(stream: AsyncIterable<unknown>): ChunkSource {
  const iterator = stream[Symbol.asyncIterator]()
  return {
    next: async () => iterator.next(),
    leave() {
      const leaving = async (): Promise<unknown> => iterator.return?.()
      leaving().catch(() => {})
    },
    release() {},
  }
}

async function nextChunk(source: ChunkSource, options: ReadStreamOptions): Promise<Chunk> {
  try {
    return await abortable(source.next(), options.signal)
  } catch (error) {
    options.signal?.throwIfAborted()
    throw toInputError(error, options.label)
  }
}

async function addChunk(
  collector: ByteCollector,
  chunk: unknown,
  options: ReadStreamOptions,
): Promise<void> {
  if (!types.isUint8Array(chunk)) {
    const found = chunk === null ? 'null' : typeof chunk
    throw new TypeError(`the stream must yield Uint8Array chunks, not ${found}`)
  }
  options.onChunk?.()
  await collector.add(chunk)
}
