import type { LoadOptions } from '@audiodecode/core'

import type { Measurement } from './bench-case.js'
import { checkIdentical, checkOutputs } from './check-outputs.js'
import type { Tolerances } from './check-outputs.js'
import { closing } from './closing.js'
import type { Decoder } from './engines/decoder.js'
import { ours } from './engines/decoders.js'
import { interleave } from './interleave.js'
import type { Timed } from './interleave.js'
import { mediaFile } from './media/media-file.js'
import type { MediaFile } from './media/media-file.js'
import { timeLine, unavailable } from './report-lines.js'
import { median } from './statistics.js'

/** A whole file, decoded by AudioDecode and by peers. */
export interface Race {
  readonly subject: string
  readonly media: MediaFile
  /** Thread counts of ours; the first is held against the peers' samples. */
  readonly threads: readonly number[]
  /** What `load` is told. */
  readonly options?: LoadOptions
  readonly peers: readonly (() => Decoder | Promise<Decoder>)[]
  readonly tolerances: Tolerances
  readonly runs: number
}

/** Times of a race, and the lines that tell of them. */
export interface RaceResult {
  readonly lines: readonly Measurement[]
  /** Ours, in the order of `threads`. */
  readonly ours: readonly Timed[]
  /** The peers that could be had. */
  readonly peers: readonly Timed[]
}

/** Checks the outputs, then runs everybody in turn. A peer that cannot be had is a line in the report. */
export async function raceDecoders(race: Race): Promise<RaceResult> {
  const { subject } = race
  const file = await mediaFile(race.media)
  const lines: Measurement[] = []
  const peers: Decoder[] = []
  for (const start of race.peers) {
    try {
      peers.push(await start())
    } catch (error) {
      lines.push(unavailable(`${subject}: a peer`, error))
    }
  }
  const own = race.threads.map((threads) => ours(threads, race.options))
  await using _all = closing([...own, ...peers])
  const [first, ...others] = own
  if (first) {
    for (const other of others) lines.push(await checkIdentical(subject, file, [first, other]))
    lines.push(
      ...(await checkOutputs({ subject, file, ours: first, peers, tolerances: race.tolerances })),
    )
  }
  const contenders = [...own, ...peers].map((decoder) => ({
    name: decoder.name,
    time: () => decoder.time(file),
  }))
  const times = await interleave(contenders, race.runs)
  lines.push(...times.map((timed) => timeLine(subject, timed)))
  return { lines, ours: times.slice(0, own.length), peers: times.slice(own.length) }
}

/** The fastest of the peers whose name begins so; a command counts only when asked for, since it keeps no samples. */
export function fastest(peers: readonly Timed[], prefix: string): Timed | undefined {
  return peers
    .filter(({ name }) => name.startsWith(prefix))
    .filter(({ name }) => prefix.includes('command') || !name.includes('command'))
    .sort((a, b) => median(a.ms) - median(b.ms))[0]
}
