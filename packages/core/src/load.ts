import type { AudioData } from './audio-data.js'
import type { AudioInput } from './audio-input.js'
import { checkLoadOptions } from './check-options.js'
import { loadChecked } from './load-checked.js'
import type { LoadOptions } from './load-options.js'

/**
 * Decodes audio to planar 32-bit float samples. A file without one decodable frame is ERR_CORRUPT; an empty range of a good file
 * is a result of 0 frames. Memory: the result and a constant; a backend that only decodes whole files needs the whole.
 *
 * @example
 * const audio = await load('speech.mp3', { sampleRate: 16_000, mono: true })
 */
export async function load(input: AudioInput, options?: LoadOptions): Promise<AudioData> {
  return loadChecked(input, checkLoadOptions(options))
}
