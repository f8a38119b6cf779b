import type { BenchCase, Measurement } from './bench-case.js'
import type { Decoder } from './engines/decoder.js'
import type { Timed } from './interleave.js'
import type { EncodingName } from './media/encodings.js'
import { raceDecoders } from './race-decoders.js'
import { peerLine } from './report-lines.js'

/** A backend held against its own library. */
export interface BackendCase {
  /** Name of the backend, and of the case. */
  readonly backend: string
  readonly peer: () => Decoder | Promise<Decoder>
  /** What the peer is called in the title. */
  readonly peerTitle: string
  /** Another way to the same library, for information. */
  readonly rival?: { readonly name: string; readonly start: () => Promise<Decoder> }
  /** 600 s of each. */
  readonly encodings: readonly EncodingName[]
  /** Least ratio of the peer's time to ours. */
  readonly atLeast: number
}

/** 600 s stereo by one backend on one thread, against the same library without us. */
export function backendCase(what: BackendCase): BenchCase {
  const { backend, peer, peerTitle, rival, encodings, atLeast } = what
  return {
    id: backend,
    title: `600 s stereo by backend-${backend} against ${peerTitle}`,
    async run({ runs }) {
      const lines: Measurement[] = []
      for (const encoding of encodings) {
        const race = await raceDecoders({
          subject: encoding,
          media: { encoding, seconds: 600 },
          threads: [1],
          options: { backend },
          peers: rival === undefined ? [peer] : [peer, rival.start],
          tolerances: {},
          runs,
        })
        const [ours] = race.ours
        const isRival = ({ name }: Timed): boolean => name === rival?.name
        const library = race.peers.find((timed) => !isRival(timed))
        lines.push(...race.lines, peerLine(encoding, ours, library, atLeast))
        if (rival !== undefined) {
          lines.push(peerLine(encoding, ours, race.peers.find(isRival), null))
        }
      }
      return lines
    },
  }
}
