import type { Measurement } from './bench-case.js'
import type { Timed } from './interleave.js'
import { pairedRatios, spread } from './statistics.js'

/** `412.0 ms (405.1 to 420.3)`. */
export function showMs(values: readonly number[]): string {
  const { median, min, max } = spread(values)
  const digits = median < 10 ? 2 : 1
  return `${median.toFixed(digits)} ms (${min.toFixed(digits)} to ${max.toFixed(digits)})`
}

/** A line that only informs. */
export function note(name: string, value: string): Measurement {
  return { name, value, bar: null, met: null }
}

/** A line with a yes or no. */
export function check(name: string, value: string, bar: string, met: boolean): Measurement {
  return { name, value, bar, met }
}

/** The times of one contender. */
export function timeLine(subject: string, { name, ms }: Timed): Measurement {
  return { ...note(`${subject}: ${name}`, showMs(ms)), runs: { [name]: ms } }
}

/** How many times as fast `ours` is as `peer`, round by round; `atLeast` null only informs. */
export function ratioLine(
  subject: string,
  {
    ours,
    peer,
    atLeast,
  }: { readonly ours: Timed; readonly peer: Timed; readonly atLeast: number | null },
): Measurement {
  const ratios = pairedRatios(peer.ms, ours.ms)
  const { median, min, max } = spread(ratios)
  return {
    name: `${subject}: ${ours.name} against ${peer.name}`,
    value: `${median.toFixed(2)}× (${min.toFixed(2)} to ${max.toFixed(2)})`,
    bar: atLeast === null ? null : `≥ ${atLeast}×`,
    met: atLeast === null ? null : median >= atLeast,
    runs: { ratio: ratios },
  }
}

/** A line for a peer that cannot be had here: neither met nor missed. */
export function unavailable(subject: string, why: unknown): Measurement {
  const message = why instanceof Error ? why.message : String(why)
  const lines = message.split('\n').filter((line) => line.trim() !== '')
  return note(subject, `not available: ${lines.at(-1) ?? 'no reason given'}`)
}

/** `ratioLine` for contenders that may be missing. */
export function peerLine(
  subject: string,
  ours: Timed | undefined,
  peer: Timed | undefined,
  atLeast: number | null,
): Measurement {
  if (!ours || !peer) return unavailable(`${subject}: ratio`, 'one of the two did not run')
  return ratioLine(subject, { ours, peer, atLeast })
}
