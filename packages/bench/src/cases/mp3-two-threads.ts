import type { BenchCase } from '../bench-case.js'
import { wholeFileCase } from '../whole-file-case.js'

/** D2: one MP3 on two threads, with the bits of one. */
export const mp3TwoThreads: BenchCase = wholeFileCase({
  id: 'd2',
  title: '600 s stereo MP3, two threads against one',
  encodings: ['mp3-192k', 'mp3-v2'],
  tolerances: {},
  duels: [{ threads: 2, peer: { threads: 1 }, atLeast: 1.8 }],
})
