import type { AudioData, AudioDecoder } from '@audiodecode/core'

import { CliError } from '../cli-error.js'
import type { FeaturesModule } from '../load-features.js'

/** What is drawn, a value for each column of pixels. */
export interface PlotData {
  readonly sampleRate: number
  readonly startSeconds: number
  readonly durationSeconds: number
  /** Least and greatest sample of each column. */
  readonly minima: Float32Array
  readonly maxima: Float32Array
  /** Row-major [bands, columns], the lowest band first: decibels below the loudest, from -80 to 0. */
  readonly decibels: Float32Array
  readonly bands: number
  readonly columns: number
  /** Upper end of the highest band in Hz. */
  readonly topHertz: number
}

/** What to look at, and how finely. */
export interface PlotRequest {
  readonly columns: number
  readonly bands: number
  /** Upper end in Hz; undefined: half the rate. */
  readonly topHertz: number | undefined
  readonly range: { offset?: number; duration?: number; signal?: AbortSignal }
}

const FLOOR_DB = -80

/** As quiet as librosa's `power_to_db` goes: 1e-10. */
const SILENCE = 1e-10

/** Reads a mono decoder block by block: the memory is that of the picture. */
export async function collectPlot(
  decoder: AudioDecoder,
  features: FeaturesModule,
  { columns, bands, topHertz, range }: PlotRequest,
): Promise<PlotData> {
  const { sampleRate } = decoder.info
  const top = Math.min(topHertz ?? sampleRate / 2, sampleRate / 2)
  const { frames, startSeconds } = await measure(decoder, range)
  if (frames === 0) throw new CliError('there is nothing to draw: the range holds no audio')
  const wave = createEnvelope(frames, columns)
  const hopLength = Math.min(512, Math.max(16, Math.floor(frames / columns)))
  const sums = new Float64Array(bands * columns)
  const counts = new Uint32Array(columns)
  let frame = 0
  const options = { nMels: bands, hopLength, fMax: top }
  for await (const { data, shape } of features.streamMelSpectrogram(
    wave.watch(decoder.stream(range)),
    options,
  )) {
    for (let t = 0; t < shape[1]; t++, frame++) {
      const column = columnOf(frame * hopLength, frames, columns)
      counts[column] = (counts[column] ?? 0) + 1
      for (let band = 0; band < bands; band++) {
        const at = band * columns + column
        sums[at] = (sums[at] ?? 0) + (data[band * shape[1] + t] ?? 0)
      }
    }
  }
  return {
    sampleRate,
    startSeconds,
    durationSeconds: frames / sampleRate,
    minima: wave.minima,
    maxima: wave.maxima,
    decibels: toDecibels(sums, counts, bands),
    bands,
    columns,
    topHertz: top,
  }
}

/** Frames of a range: known for most files, else counted. */
async function measure(
  decoder: AudioDecoder,
  range: PlotRequest['range'],
): Promise<{ frames: number; startSeconds: number }> {
  const { frames, framesExact } = decoder.info
  const isWhole = range.offset === undefined && range.duration === undefined
  if (isWhole && framesExact && frames !== null) return { frames, startSeconds: 0 }
  let counted = 0
  let startSeconds: number | null = null
  for await (const block of decoder.stream(range)) {
    startSeconds ??= block.startSeconds
    counted += block.frames
  }
  return { frames: counted, startSeconds: startSeconds ?? 0 }
}

function columnOf(place: number, frames: number, columns: number): number {
  return Math.min(columns - 1, Math.floor((place * columns) / frames))
}

function createEnvelope(frames: number, columns: number) {
  const minima = new Float32Array(columns).fill(Infinity)
  const maxima = new Float32Array(columns).fill(-Infinity)
  let place = 0
  async function* watch(blocks: AsyncIterable<AudioData>): AsyncGenerator<AudioData> {
    for await (const block of blocks) {
      const samples = block.channelData[0] ?? new Float32Array()
      for (const [i, found] of samples.entries()) {
        // One sample that is no number would spoil every frame around it.
        const sample = Number.isFinite(found) ? found : 0
        samples[i] = sample
        const column = columnOf(place++, frames, columns)
        if (sample < (minima[column] ?? 0)) minima[column] = sample
        if (sample > (maxima[column] ?? 0)) maxima[column] = sample
      }
      yield block
    }
    fillGaps(minima, maxima)
  }
  return { minima, maxima, watch }
}

/** Where there are fewer samples than columns, the last one stands until the next. */
function fillGaps(minima: Float32Array, maxima: Float32Array): void {
  let low = 0
  let high = 0
  for (let column = 0; column < minima.length; column++) {
    if ((minima[column] ?? Infinity) > (maxima[column] ?? -Infinity)) {
      minima[column] = low
      maxima[column] = high
    }
    low = minima[column] ?? 0
    high = maxima[column] ?? 0
  }
}

function toDecibels(sums: Float64Array, counts: Uint32Array, bands: number): Float32Array {
  const columns = counts.length
  const decibels = new Float32Array(sums.length)
  let loudest = SILENCE
  for (let band = 0; band < bands; band++) {
    let last = 0
    for (let column = 0; column < columns; column++) {
      const at = band * columns + column
      const count = counts[column] ?? 0
      if (count > 0) last = (sums[at] ?? 0) / count
      sums[at] = last
      if (last > loudest) loudest = last
    }
  }
  const reference = 10 * Math.log10(loudest)
  // What is silent throughout is not "as loud as its loudest".
  const isSilent = loudest <= SILENCE
  for (const [at, power] of sums.entries()) {
    const level = 10 * Math.log10(Math.max(SILENCE, power)) - reference
    decibels[at] = isSilent ? FLOOR_DB : Math.max(FLOOR_DB, level)
  }
  return decibels
}
