import type { BenchCase } from '../bench-case.js'
import { wholeFileCase } from '../whole-file-case.js'

/** D1: MP3 on one thread. */
export const mp3OneThread: BenchCase = wholeFileCase({
  id: 'd1',
  title: '600 s stereo MP3, one thread',
  encodings: ['mp3-192k', 'mp3-v2'],
  // Floating point on both sides, in another order: a tenth of a 16-bit step.
  tolerances: {
    libsndfile: { maxAbsolute: 3e-6, extraFrames: 0 },
    FFmpeg: { maxAbsolute: 3e-6, extraFrames: 0 },
  },
  duels: [
    { threads: 1, peer: 'libsndfile', atLeast: 1.15 },
    { threads: 1, peer: 'FFmpeg', atLeast: 1.15 },
  ],
})
