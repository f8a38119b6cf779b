import type { BenchCase, Measurement } from '../bench-case.js'
import { libsndfileLibrary } from '../engines/decoders.js'
import type { EncodingName } from '../media/encodings.js'
import { raceDecoders } from '../race-decoders.js'
import { peerLine } from '../report-lines.js'

/** What most of libsndfile's users read, and the codecs whose decoders it brings along. */
const ENCODINGS: readonly EncodingName[] = ['wav', 'flac', 'mp3-192k', 'vorbis']

/** The libsndfile backend on one thread, which may take 1.1 times what the same library takes in C. */
export const sndfile: BenchCase = {
  id: 'sndfile',
  title: '600 s stereo by backend-sndfile against libsndfile in C',
  async run({ runs }) {
    const lines: Measurement[] = []
    for (const encoding of ENCODINGS) {
      const race = await raceDecoders({
        subject: encoding,
        media: { encoding, seconds: 600 },
        threads: [1],
        options: { backend: 'sndfile' },
        peers: [libsndfileLibrary],
        tolerances: {},
        runs,
      })
      lines.push(...race.lines, peerLine(encoding, race.ours[0], race.peers[0], 0.91))
    }
    return lines
  },
}
