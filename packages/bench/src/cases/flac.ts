import type { BenchCase } from '../bench-case.js'
import { wholeFileCase } from '../whole-file-case.js'

/** D3: FLAC on one thread and on two. */
export const flac: BenchCase = wholeFileCase({
  id: 'd3',
  title: '600 s stereo FLAC',
  encodings: ['flac'],
  tolerances: {},
  duels: [
    { threads: 1, peer: 'libsndfile', atLeast: 1.05 },
    { threads: 1, peer: 'FFmpeg', atLeast: null },
    { threads: 2, peer: { threads: 1 }, atLeast: 1.7 },
  ],
})
