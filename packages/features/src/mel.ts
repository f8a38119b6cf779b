import { flag, positive, whole } from './check-numbers.js'
import type { NativeDecibels, NativeMel } from './load-binding.js'
import type { LogMelOptions, MelOptions } from './options.js'

/** Checks the options of a filter bank for a rate. Throws TypeError or RangeError. */
export function checkMel(options: MelOptions, sampleRate: number): NativeMel {
  const nyquist = sampleRate / 2
  const fMin = positive(options.fMin, 'fMin', 0, { orZero: true })
  const fMax = positive(options.fMax, 'fMax', nyquist)
  if (fMax > nyquist) {
    throw new RangeError(
      `fMax is ${fMax} Hz, but audio at ${sampleRate} Hz has nothing above ${nyquist} Hz; lower fMax, or load the audio at a higher rate`,
    )
  }
  if (fMin >= fMax)
    throw new RangeError(`fMin must be below fMax: ${fMin} Hz is not below ${fMax} Hz`)
  const { norm = 'slaney' } = options
  if (norm !== 'slaney' && norm !== null) {
    throw new RangeError(`norm must be 'slaney' or null, not ${String(norm)}`)
  }
  return {
    sampleRate,
    nMels: whole(options.nMels, 'nMels', 128, 1, 2_048),
    fMin,
    fMax,
    power: positive(options.power, 'power', 2),
    htk: flag(options.htk, 'htk', false),
    slaneyNorm: norm === 'slaney',
  }
}

/** Checks how powers become decibels. Throws TypeError or RangeError. */
export function checkDecibels({ ref, amin, topDb = 80 }: LogMelOptions): NativeDecibels {
  const decibels = {
    reference: positive(ref, 'ref', 1),
    amin: positive(amin, 'amin', 1e-10),
  }
  return topDb === null
    ? decibels
    : { ...decibels, topDb: positive(topDb, 'topDb', 80, { orZero: true }) }
}

const warned = new Set<string>()

/** Warns, once for each filter bank, that some of its filters lie between two bins, so that their rows are empty. */
export function warnOfEmptyFilters(empty: number, mel: NativeMel, nFft: number): void {
  const key = JSON.stringify([mel.sampleRate, mel.nMels, mel.fMin, mel.fMax, mel.htk, nFft])
  if (empty === 0 || warned.has(key)) return
  warned.add(key)
  process.emitWarning(
    `${empty} of ${mel.nMels} mel filters are narrower than the distance of two frequencies of nFft ${nFft} at ${mel.sampleRate} Hz, so that their rows are empty; lower nMels or raise nFft`,
    { type: 'AudioDecodeWarning', code: 'AUDIODECODE_EMPTY_MEL_FILTERS' },
  )
}
