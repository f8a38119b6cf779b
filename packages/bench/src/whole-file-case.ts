import type { BenchCase, Measurement } from './bench-case.js'
import type { Tolerances } from './check-outputs.js'
import type { Decoder } from './engines/decoder.js'
import { ffmpegLibrary, libsndfile, pyav } from './engines/decoders.js'
import { ffmpegCommand } from './engines/ffmpeg-command.js'
import type { EncodingName } from './media/encodings.js'
import { fastest, raceDecoders } from './race-decoders.js'
import { peerLine } from './report-lines.js'

/** Decoders that ours is held against; of the ways to FFmpeg the fastest that keeps its samples counts. */
const PEERS: Readonly<Record<PeerName, readonly (() => Decoder | Promise<Decoder>)[]>> = {
  libsndfile: [libsndfile],
  FFmpeg: [ffmpegLibrary, pyav, ffmpegCommand],
}

type PeerName = 'libsndfile' | 'FFmpeg'

/** Ours with a number of threads against a peer, or against ours with another number. */
export interface Duel {
  readonly threads: number
  readonly peer: PeerName | { readonly threads: number }
  readonly atLeast: number | null
}

/** A row of the bars that decodes 600 s of stereo. */
export interface WholeFileSpec {
  readonly id: string
  readonly title: string
  readonly encodings: readonly EncodingName[]
  readonly tolerances: Tolerances
  readonly duels: readonly Duel[]
}

/** A case that decodes whole files of 600 s to float32 in memory. */
export function wholeFileCase({
  id,
  title,
  encodings,
  tolerances,
  duels,
}: WholeFileSpec): BenchCase {
  const names = new Set(duels.map(({ peer }) => peer).filter((peer) => typeof peer === 'string'))
  const threads = [...new Set(duels.flatMap((duel) => [duel.threads, ...ownThreads(duel)]))].sort(
    (a, b) => a - b,
  )
  return {
    id,
    title,
    async run({ runs }) {
      const lines: Measurement[] = []
      for (const encoding of encodings) {
        const race = await raceDecoders({
          subject: encoding,
          media: { encoding, seconds: 600 },
          threads,
          peers: [...names].flatMap((name) => PEERS[name]),
          tolerances,
          runs,
        })
        const own = (count: number): (typeof race.ours)[number] | undefined =>
          race.ours[threads.indexOf(count)]
        lines.push(...race.lines)
        for (const duel of duels) {
          const peer =
            typeof duel.peer === 'string' ? fastest(race.peers, duel.peer) : own(duel.peer.threads)
          lines.push(peerLine(encoding, own(duel.threads), peer, duel.atLeast))
          if (duel.peer !== 'FFmpeg') continue
          const command = fastest(race.peers, 'FFmpeg (command')
          lines.push(peerLine(encoding, own(duel.threads), command, null))
        }
      }
      return lines
    },
  }
}

function ownThreads({ peer }: Duel): readonly number[] {
  return typeof peer === 'string' ? [] : [peer.threads]
}
