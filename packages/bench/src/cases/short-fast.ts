import type { BenchCase, Measurement } from '../bench-case.js'
import { librosa } from '../engines/decoders.js'
import { fastest, raceDecoders } from '../race-decoders.js'
import { peerLine } from '../report-lines.js'

const RATE = 22_050
/** A run takes some tens of milliseconds: the median needs more of them. */
const RUNS_EACH = 5
/** With one thread and with two. */
const BARS = { best: [3.5, 6], fast: [6, 10] } as const

/** M5: 30 s of MP3 to 22,050 Hz mono in a warm process, at both qualities. */
export const shortFast: BenchCase = {
  id: 'm5',
  title: '30 s MP3 to 22,050 Hz mono, best and fast, warm',
  async run({ runs }) {
    const lines: Measurement[] = []
    for (const quality of ['best', 'fast'] as const) {
      const subject = `30 s, ${quality}`
      const race = await raceDecoders({
        subject,
        media: { encoding: 'mp3-192k', seconds: 30 },
        threads: [1, 2],
        options: { sampleRate: RATE, mono: true, quality },
        peers: [librosa({ sr: RATE, mono: true })],
        // The resamplers differ below the Nyquist frequency, where each rolls off in its own way.
        tolerances: { librosa: { relativeDb: -30, extraFrames: 0 } },
        runs: runs * RUNS_EACH,
      })
      const [one, two] = race.ours
      const peer = fastest(race.peers, 'librosa')
      const [alone, together] = BARS[quality]
      lines.push(...race.lines)
      lines.push(peerLine(subject, one, peer, alone), peerLine(subject, two, peer, together))
    }
    return lines
  },
}
