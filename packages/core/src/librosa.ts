import { planesOf } from './audio-data.js'
import { AudioDecoder } from './audio-decoder.js'
import type { AudioInput } from './audio-input.js'
import { checkLoadOptions } from './check-options.js'
import { mixToMonoInSlices } from './dsp/mix.js'
import { resampleRange } from './dsp/resample.js'
import { rollOffAsSoxr } from './dsp/soxr-rolloff.js'
import type { LoadOptions } from './load-options.js'

export type { AudioInput } from './audio-input.js'

/** Options of `librosaLoad`, with librosa's names and defaults. */
export interface LibrosaLoadOptions {
  /** Output rate in Hz; null keeps the file's own. Default 22050. */
  sr?: number | null
  /** Average the channels. Default true. */
  mono?: boolean
  /** Seconds to skip. Default 0. */
  offset?: number
  /** Seconds to read; null reads to the end. Default null. */
  duration?: number | null
}

/** What librosa.load returns. */
export interface LibrosaAudio {
  /** One array for one channel, else one per channel. */
  readonly y: Float32Array | readonly Float32Array[]
  /** Rate of `y` in Hz. */
  readonly sr: number
}

/**
 * `librosa.load`, for code ported from Python: offset and duration become whole frames of the file's own rate by dropping the
 * fraction, the channels are averaged, and the cut alone is resampled, to a length of ceil(frames × (sr / rate)). `load()`
 * instead gives the slice of the whole file's resampling, which differs near the ends of a cut.
 *
 * Between the usual rates the result rolls off as librosa's resampler does (soxr HQ), 0.008 dB below 0.9 of the Nyquist frequency; `load()`
 * is flat. A whole file is resampled by the backend, a cut on the main thread in stretches of a millisecond; no cache is asked. Rejects as
 * `load` does,
 * and with TypeError or RangeError for options that are no rate, place or length of time.
 */
export async function librosaLoad(
  path: AudioInput,
  options: LibrosaLoadOptions = {},
): Promise<LibrosaAudio> {
  const { sr = 22_050, mono = true, offset = 0, duration = null } = options
  const converted = { mono, ...(sr === null ? {} : { sampleRate: sr }) }
  checkSeconds('offset', offset)
  if (duration !== null) checkSeconds('duration', duration)
  if (offset === 0 && duration === null) return loadWhole(path, converted)
  checkLoadOptions(converted)
  const cut = await decodeCut(path, offset, duration)
  const planes = mono ? [await mixToMonoInSlices(cut.data, cut.channels)] : cut.channelData
  const outputRate = sr ?? cut.sampleRate
  if (outputRate === cut.sampleRate) return { y: oneOrMany(planes), sr: outputRate }
  const range = { startFrame: 0, endFrame: cut.frames }
  const y = await resampleRange(planes, cut.sampleRate, outputRate, range)
  const resampled = planesOf(y, planes.length)
  const rates = { from: cut.sampleRate, to: outputRate, frames: cut.frames }
  return { y: oneOrMany(await asLibrosa(resampled, rates)), sr: outputRate }
}

async function loadWhole(
  path: AudioInput,
  converted: Pick<LoadOptions, 'sampleRate' | 'mono'>,
): Promise<LibrosaAudio> {
  const decoder = await AudioDecoder.open(path, converted)
  try {
    const nativeRate = decoder.info.sampleRate
    const { channelData, sampleRate, report } = await decoder.decode()
    if (sampleRate === nativeRate) return { y: oneOrMany(channelData), sr: sampleRate }
    const rates = { from: nativeRate, to: sampleRate, frames: report.decodedFrames }
    return { y: oneOrMany(await asLibrosa(channelData, rates)), sr: sampleRate }
  } finally {
    await decoder.close()
  }
}

/** What we have resampled, as long and as even as librosa's resampler would have made it. */
async function asLibrosa(
  planes: readonly Float32Array[],
  { from, to, frames }: { from: number; to: number; frames: number },
): Promise<readonly Float32Array[]> {
  return fitted(await rollOffAsSoxr(planes, from, to), librosaLength(frames, from, to))
}

/**
 * What librosa.resample takes for the length: the ratio is rounded to a double before it is multiplied, so that where the exact
 * length is a whole number there may be one more (147 frames at 44.1 kHz: 161 at 48 kHz, the last one zero).
 */
function librosaLength(frames: number, inputRate: number, outputRate: number): number {
  return Math.ceil(frames * (outputRate / inputRate))
}

/** Arrays of that length: with zeros behind them, or without what is too much. */
function fitted(planes: readonly Float32Array[], length: number): readonly Float32Array[] {
  return planes.map((plane) => {
    if (plane.length === length) return plane
    const longer = new Float32Array(length)
    longer.set(plane.subarray(0, length))
    return longer
  })
}

/** Frames [int(offset × rate), + int(duration × rate)) at the file's own rate. */
async function decodeCut(path: AudioInput, offset: number, duration: number | null) {
  const decoder = await AudioDecoder.open(path)
  try {
    const rate = decoder.info.sampleRate
    const start = Math.trunc(offset * rate) / rate
    if (duration === null) return await decoder.decode({ offset: start })
    return await decoder.decode({ offset: start, duration: Math.trunc(duration * rate) / rate })
  } finally {
    await decoder.close()
  }
}

function oneOrMany(planes: readonly Float32Array[]): Float32Array | readonly Float32Array[] {
  return planes.length === 1 ? planes[0]! : planes
}

function checkSeconds(name: string, seconds: unknown): void {
  if (typeof seconds !== 'number') throw new TypeError(`${name} must be a number of seconds`)
  if (!Number.isFinite(seconds) || seconds < 0) {
    throw new RangeError(`${name} must be 0 seconds or more, not ${seconds}`)
  }
}
