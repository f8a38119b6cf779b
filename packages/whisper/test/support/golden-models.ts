import { readFileSync } from 'node:fs'

import { fromFloat16 } from '../../src/models/half-float.js'

/** What reference/compiled-models.py has written about a model. */
export interface GoldenModel {
  readonly frames: number
  readonly encoder: {
    readonly positions: readonly number[]
    readonly step_of_width: number
    /** Of each of the positions, every so many values. */
    readonly values: readonly number[]
    /** How far CTranslate2's int8 is from its float32. */
    readonly int8_relative_rms: number
  }
  readonly decoder: {
    readonly prompt: readonly number[]
    readonly tokens: readonly number[]
    readonly no_speech_probability: number
    readonly sampled_tokens: readonly number[]
    /** Scores of the sampled tokens after the prompt and after each token. */
    readonly logits: readonly (readonly number[])[]
    readonly best: readonly number[]
    readonly best_log_probabilities: readonly number[]
    readonly text_token_probabilities: readonly number[]
  }
  readonly greedy: Readonly<
    Record<'float32' | 'int8', { tokens: readonly number[]; score: number }>
  >
}

const golden = (name: string): URL => new URL(`../golden/${name}`, import.meta.url)

/** What CTranslate2 makes of the recording with this model. */
export function goldenModel(name: 'base' | 'tiny.en'): GoldenModel {
  return JSON.parse(readFileSync(golden(`compiled-${name}.json`), 'utf8')) as GoldenModel
}

const BANDS = 80

/** The spectrogram that the golden values were made from, [80, frames], cut or padded with zeros. */
export function goldenMel(frames = 3000): Float32Array {
  const bytes = Uint8Array.from(readFileSync(golden('jfk-mel.f16')))
  const values = fromFloat16(new Uint16Array(bytes.buffer))
  const length = values.length / BANDS
  const mel = new Float32Array(BANDS * frames)
  for (let band = 0; band < BANDS; band++) {
    mel.set(values.subarray(band * length, band * length + Math.min(length, frames)), band * frames)
  }
  return mel
}

/** Root of the mean square of the difference, as a part of the reference's. */
export function relativeRms(values: ArrayLike<number>, reference: ArrayLike<number>): number {
  let difference = 0
  let size = 0
  for (let at = 0; at < reference.length; at++) {
    difference += (values[at]! - reference[at]!) ** 2
    size += reference[at]! ** 2
  }
  return Math.sqrt(difference / size)
}
