import type { ConformanceSample } from '@audiodecode/backend-tests'
import { isAudioDecodeError, load, registerBackend } from '@audiodecode/core'
import type { AudioBackend, GaplessTrim } from '@audiodecode/core'

/** What one backend makes of one file. */
export interface Decoded {
  readonly backend: string
  readonly data: Float32Array
  readonly frames: number
  readonly channels: number
  readonly sampleRate: number
  readonly gapless: GaplessTrim
}

/** Decodes a sample file, or null when the backend says that it does not read its format. */
export async function decodeSample(
  backend: AudioBackend,
  sample: ConformanceSample,
): Promise<Decoded | null> {
  registerBackend(backend)
  try {
    const audio = await load(sample.bytes(), { backend: backend.name, cache: false })
    const { data, frames, channels, sampleRate, report } = audio
    return { backend: backend.name, data, frames, channels, sampleRate, gapless: report.gapless }
  } catch (error) {
    if (isAudioDecodeError(error) && error.code === 'ERR_UNSUPPORTED_FORMAT') return null
    throw error
  }
}

/** The largest absolute difference; infinite when the lengths differ or one of two samples alone is NaN. */
export function largestDifference(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return Infinity
  let largest = 0
  for (let i = 0; i < a.length; i++) {
    if (Object.is(a[i], b[i])) continue
    const difference = Math.abs((a[i] as number) - (b[i] as number))
    // Written so that NaN counts as infinitely wrong.
    if (!(difference <= largest)) largest = Number.isNaN(difference) ? Infinity : difference
  }
  return largest
}
