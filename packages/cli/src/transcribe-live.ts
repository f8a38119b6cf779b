import type { TranscribeOptions } from '@audiodecode/core'

import { modelError } from './cli-error.js'
import type { LoadedModel } from './load-whisper.js'
import { write } from './streams.js'
import type { CliStreams } from './streams.js'

/** Behind it a new line begins. */
const ENDS_SENTENCE = /[.?!…。？！]["'”’»]?$/u

/** Prints words as they become final, a sentence a line. */
export async function transcribeLive(
  model: LoadedModel,
  samples: AsyncIterable<Float32Array>,
  options: TranscribeOptions,
  streams: CliStreams,
): Promise<void> {
  let begins = true
  const tell = async (text: string): Promise<void> => {
    const own = begins ? text.trimStart() : text
    if (own === '') return
    begins = ENDS_SENTENCE.test(own)
    await write(streams.stdout, begins ? `${own}\n` : own)
  }
  try {
    for await (const { final, words } of model.stream(samples, options)) {
      if (final) for (const { word } of words) await tell(word)
    }
  } catch (error) {
    throw modelError(error)
  } finally {
    if (!begins) await write(streams.stdout, '\n')
  }
}
