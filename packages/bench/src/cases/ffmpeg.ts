import type { BenchCase, Measurement } from '../bench-case.js'
import { ffmpegCommand } from '../engines/ffmpeg-command.js'
import type { EncodingName } from '../media/encodings.js'
import { raceDecoders } from '../race-decoders.js'
import { peerLine } from '../report-lines.js'

/** What FFmpeg is asked for most. */
const ENCODINGS: readonly EncodingName[] = ['mp3-192k', 'aac', 'opus']

/**
 * The FFmpeg backend on one thread, which may take 1.15 times what the command of the same FFmpeg takes to decode, its start not
 * counted. The command keeps no samples.
 */
export const ffmpeg: BenchCase = {
  id: 'ffmpeg',
  title: '600 s stereo by backend-ffmpeg against the ffmpeg command',
  async run({ runs }) {
    const lines: Measurement[] = []
    for (const encoding of ENCODINGS) {
      const race = await raceDecoders({
        subject: encoding,
        media: { encoding, seconds: 600 },
        threads: [1],
        options: { backend: 'ffmpeg' },
        peers: [ffmpegCommand],
        tolerances: {},
        runs,
      })
      lines.push(...race.lines, peerLine(encoding, race.ours[0], race.peers[0], 0.87))
    }
    return lines
  },
}
