import type { BenchCase } from '../bench-case.js'
import { wholeFileCase } from '../whole-file-case.js'

/** D4: WAV on one thread and on two, each against libsndfile. */
export const wav: BenchCase = wholeFileCase({
  id: 'd4',
  title: '600 s stereo WAV, 16 bit',
  encodings: ['wav'],
  tolerances: {},
  duels: [
    { threads: 1, peer: 'libsndfile', atLeast: 1 },
    { threads: 2, peer: 'libsndfile', atLeast: 1.4 },
  ],
})
