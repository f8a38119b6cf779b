import type { BenchCase } from '../bench-case.js'
import { wholeFileCase } from '../whole-file-case.js'

/** D7: Opus. */
export const opus: BenchCase = wholeFileCase({
  id: 'd7',
  title: '600 s stereo Opus',
  encodings: ['opus'],
  tolerances: {
    // The same libopus.
    libsndfile: { maxAbsolute: 3e-6, extraFrames: 0 },
    // A decoder of its own, which fills collapsed bands with other noise.
    FFmpeg: { relativeDb: -50, extraFrames: 0 },
  },
  duels: [
    { threads: 1, peer: 'FFmpeg', atLeast: 1.05 },
    { threads: 1, peer: 'libsndfile', atLeast: null },
  ],
})
