import { askBackends } from './ask-backends.js'
import type { AudioData } from './audio-data.js'
import type { AudioInput } from './audio-input.js'
import { checkStreamOptions } from './check-options.js'
import type { StreamOptions } from './load-options.js'
import { probeInput } from './probe-input.js'
import { openSession } from './session.js'
import type { ProbedInput, Session } from './session.js'
import { streamSpan } from './stream-span.js'
import type { SpanStreamOptions } from './stream-span.js'

/**
 * Blocks whose concatenation equals `load()` of the same options, sample for sample. Can be iterated once; nothing happens before
 * that, and leaving the loop ends the work. Memory: a few blocks where the backend makes blocks itself, as
 * @audiodecode/backend-rust and the other native backends do; the whole result where it does not.
 *
 * @throws TypeError or RangeError for bad options, at once.
 */
export function stream(input: AudioInput, options?: StreamOptions): AsyncIterable<AudioData> {
  return streamInput(input, checkStreamOptions(options))
}

async function* streamInput(
  input: AudioInput,
  options: SpanStreamOptions,
): AsyncGenerator<AudioData, void, undefined> {
  const { session, blocks, first } = await openStream(await probeInput(input, options), options)
  try {
    if (first.done === true) return
    yield first.value
    options.signal?.throwIfAborted()
    yield* blocks
  } finally {
    await blocks.return()
    await session.close()
  }
}

interface OpenStream {
  readonly session: Session
  readonly blocks: AsyncGenerator<AudioData, void, undefined>
  readonly first: IteratorResult<AudioData, void>
}

/** Up to the first block, the next backend may still take over. */
async function openStream(input: ProbedInput, options: SpanStreamOptions): Promise<OpenStream> {
  return askBackends(input, options.backends, async (backend, declined) => {
    const session = await openSession(backend, input, options, { scan: options.offset < 0 })
    try {
      const blocks = streamSpan(session, options, declined)
      return { session, blocks, first: await blocks.next() }
    } catch (error) {
      await session.close()
      throw error
    }
  })
}
