import { hertzToMel } from './mel-scale.js'

/** A mark on an axis. */
export interface Tick {
  /** Place on the axis, from 0 to 1. */
  readonly at: number
  readonly label: string
}

const STEPS = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 36_000, 86_400,
]

/** Times at round distances, at most `most` of them. */
export function timeTicks(start: number, duration: number, most: number): readonly Tick[] {
  const fractions = Array.from({ length: 18 }, (_, n) => {
    const power = Math.floor(n / 3)
    return (STEPS[n % 3] ?? 1) * 10 ** (power - 6)
  })
  const step = [...fractions, ...STEPS].find((size) => duration / size <= most) ?? duration
  const decimals = step >= 1 ? 0 : Math.min(6, Math.ceil(-Math.log10(step)))
  const first = Math.ceil(start / step - 1e-9)
  const ticks: Tick[] = []
  for (let n = first; n * step <= start + duration * (1 + 1e-9); n++) {
    ticks.push({ at: (n * step - start) / duration, label: timeLabel(n * step, decimals) })
  }
  return ticks
}

function timeLabel(seconds: number, decimals: number): string {
  if (seconds < 60) return seconds.toFixed(decimals)
  const whole = Math.floor(seconds)
  const two = (value: number): string => String(value).padStart(2, '0')
  const fraction = decimals === 0 ? '' : (seconds - whole).toFixed(decimals).slice(1)
  const minutes = Math.floor(whole / 60)
  const rest = `${two(whole % 60)}${fraction}`
  if (minutes < 60) return `${minutes}:${rest}`
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${rest}`
}

/** Octaves from 125 Hz up to `topHertz` on a mel axis, and 0. */
export function frequencyTicks(topHertz: number): readonly Tick[] {
  const ticks: Tick[] = [{ at: 0, label: '0' }]
  const top = hertzToMel(topHertz)
  for (let hertz = 250; hertz <= topHertz; hertz *= 2) {
    const label = hertz < 1000 ? String(hertz) : `${hertz / 1000}k`
    ticks.push({ at: hertzToMel(hertz) / top, label })
  }
  return ticks
}
