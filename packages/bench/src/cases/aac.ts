import type { BenchCase } from '../bench-case.js'
import { wholeFileCase } from '../whole-file-case.js'

/** D5: AAC-LC in M4A. */
export const aac: BenchCase = wholeFileCase({
  id: 'd5',
  title: '600 s stereo M4A, AAC-LC',
  // Without noise substitution: every decoder draws noise of its own.
  encodings: ['aac-no-pns'],
  // Two decoders in floating point: a 16-bit step. FFmpeg does not trim the encoder's padding at the end, up to a block.
  tolerances: { FFmpeg: { maxAbsolute: 3.1e-5, relativeDb: -110, extraFrames: 1024 } },
  duels: [{ threads: 1, peer: 'FFmpeg', atLeast: 1 }],
})
