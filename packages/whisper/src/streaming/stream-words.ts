import { SAMPLE_RATE } from '../audio-samples.js'
import { BlockReader } from './block-reader.js'
import { STEP, WordStream } from './word-stream.js'
import type { StreamedWords, StreamSettings } from './word-stream.js'

/** Audio taken in one go, at most, and read ahead; live audio that had to wait is caught up with in steps of this length. */
const MOST_STEP = 2 * SAMPLE_RATE

/** How a stream is heard, and until when. */
export interface StreamRun extends StreamSettings {
  readonly signal: AbortSignal
  /** Is told how much was listened to, in seconds. */
  readonly onHeard?: ((seconds: number) => void) | undefined
}

/** Words of live audio as they are decided. The source is read a little ahead; it is ended when nobody reads on. */
export async function* streamWords(
  source: AsyncIterable<Float32Array>,
  run: StreamRun,
): AsyncGenerator<StreamedWords, void, undefined> {
  const reader = new BlockReader(source, MOST_STEP)
  const stream = new WordStream(run)
  try {
    while (true) {
      const samples = await reader.take(STEP, MOST_STEP, run.signal)
      yield* samples === null ? stream.end() : stream.hear(samples)
      run.onHeard?.(stream.seconds)
      if (samples === null) return
    }
  } finally {
    await reader.close()
  }
}
