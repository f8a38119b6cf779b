import type { BenchCase } from '../bench-case.js'
import { librosa, torchcodec } from '../engines/decoders.js'
import { fastest, raceDecoders } from '../race-decoders.js'
import { peerLine } from '../report-lines.js'

const RATE = 22_050
/** A run takes some tens of milliseconds: the median needs more of them. */
const RUNS_EACH = 5

/** D8: 30 s of MP3 to 22,050 Hz mono in a warm process. */
export const shortWarm: BenchCase = {
  id: 'd8',
  title: '30 s MP3 to 22,050 Hz mono, warm',
  async run({ runs }) {
    const subject = '30 s'
    const race = await raceDecoders({
      subject,
      media: { encoding: 'mp3-192k', seconds: 30 },
      threads: [1, 2],
      options: { sampleRate: RATE, mono: true },
      peers: [
        librosa({ sr: RATE, mono: true }),
        // FFmpeg's mix-down is (left + right) ÷ √2.
        torchcodec({ sample_rate: RATE, channels: 1 }, Math.SQRT1_2),
      ],
      // The resamplers differ below the Nyquist frequency, where each rolls off in its own way.
      tolerances: {
        librosa: { relativeDb: -30, extraFrames: 0 },
        torchcodec: { relativeDb: -30, extraFrames: 0 },
      },
      runs: runs * RUNS_EACH,
    })
    const [one, two] = race.ours
    const peer = fastest(race.peers, 'librosa')
    return [
      ...race.lines,
      peerLine(subject, one, peer, 2),
      peerLine(subject, two, peer, 3.5),
      peerLine(subject, one, fastest(race.peers, 'torchcodec'), null),
    ]
  },
}
