import type { Measurement } from '../bench-case.js'
import { startAudioDecode } from '../engines/audiodecode.js'
import type { Engine } from '../engines/engine.js'
import { check } from '../report-lines.js'

const KHZ = [8, 11.025, 12, 16, 22.05, 24, 32, 44.1, 48, 88.2, 96, 192]
/** Fractions of the lower Nyquist frequency within which gain and noise are measured; 0.913 is where soxr HQ begins to roll off. */
const PASSED = [0.011, 0.13, 0.29, 0.47, 0.61, 0.77, 0.87, 0.913]
/** Fractions of the lower Nyquist frequency at which upsampling must show no image, its roll-off included. */
const ROLLED_OFF = [0.94, 0.97, 0.995]
/** Fractions of the way from the output's Nyquist frequency to the input's at which downsampling must let nothing through. */
const STOPPED = [0.003, 0.03, 0.1, 0.25, 0.5, 0.75, 0.97]
/** Frames at the lower rate: the middle half lies behind the ends of every filter. */
const FRAMES = 16_384

interface Worst {
  db: number
  where: string
}

/** The quality of D15: sines through every ordered pair of the usual rates. */
export async function resampleQuality(): Promise<readonly Measurement[]> {
  await using engine = startAudioDecode({ threads: 1 })
  const noise: Worst = { db: -Infinity, where: '' }
  const ripple: Worst = { db: 0, where: '' }
  const alias: Worst = { db: -Infinity, where: '' }
  let pairs = 0
  for (const from of KHZ) {
    for (const to of KHZ) {
      if (from === to) continue
      pairs++
      const lower = Math.min(from, to) / 2
      for (const fraction of PASSED) {
        const { gain, rest } = await sine(engine, from, to, fraction * lower)
        const where = `${from} → ${to} kHz at ${fraction} of Nyquist`
        keepWorst(noise, toDb(rest), where)
        keepWorst(ripple, Math.abs(toDb(gain)), where)
      }
      const places =
        from < to
          ? ROLLED_OFF.map((fraction) => fraction * lower)
          : STOPPED.map((fraction) => lower + fraction * (from / 2 - lower))
      for (const kilohertz of places) {
        const { rest } = await sine(engine, from, to, kilohertz)
        keepWorst(alias, toDb(rest), `${from} → ${to} kHz at ${kilohertz.toFixed(3)} kHz`)
      }
    }
  }
  return [
    check(
      `worst signal to noise of ${pairs} pairs`,
      `${(-noise.db).toFixed(1)} dB (${noise.where})`,
      '≥ 120 dB',
      noise.db <= -120,
    ),
    check(
      'largest change of gain up to 0.913 of the lower Nyquist frequency',
      `${ripple.db.toFixed(5)} dB (${ripple.where})`,
      '≤ 0.01 dB',
      ripple.db <= 0.01,
    ),
    check(
      'loudest alias or image',
      `${alias.db.toFixed(1)} dB (${alias.where})`,
      '≤ −120 dB',
      alias.db <= -120,
    ),
  ]
}

function sine(
  engine: Engine,
  fromKhz: number,
  toKhz: number,
  kilohertz: number,
): Promise<{ readonly gain: number; readonly rest: number }> {
  return engine.call('resampleSine', {
    inputRate: fromKhz * 1000,
    outputRate: toKhz * 1000,
    hertz: kilohertz * 1000,
    frames: Math.ceil((FRAMES * fromKhz) / Math.min(fromKhz, toKhz)),
  })
}

function toDb(ratio: number): number {
  return 20 * Math.log10(ratio)
}

function keepWorst(worst: Worst, db: number, where: string): void {
  // Also kept when it is no number.
  if (!(db <= worst.db)) Object.assign(worst, { db, where })
}
