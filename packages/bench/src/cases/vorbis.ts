import type { BenchCase } from '../bench-case.js'
import { wholeFileCase } from '../whole-file-case.js'

/** D6: Vorbis on one thread and on two. */
export const vorbis: BenchCase = wholeFileCase({
  id: 'd6',
  title: '600 s stereo Ogg Vorbis',
  encodings: ['vorbis'],
  // Floating point on both sides, in another order: a tenth of a 16-bit step.
  tolerances: {
    libsndfile: { maxAbsolute: 3e-6, extraFrames: 0 },
    FFmpeg: { maxAbsolute: 3e-6, extraFrames: 0 },
  },
  duels: [
    { threads: 1, peer: 'FFmpeg', atLeast: 1.2 },
    { threads: 1, peer: 'libsndfile', atLeast: null },
    { threads: 2, peer: { threads: 1 }, atLeast: 1.7 },
  ],
})
