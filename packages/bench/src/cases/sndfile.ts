import { backendCase } from '../backend-case.js'
import type { BenchCase } from '../bench-case.js'
import { libsndfileLibrary } from '../engines/decoders.js'

/** The libsndfile backend, which may take 1.1 times what the same library takes in C. */
export const sndfile: BenchCase = backendCase({
  backend: 'sndfile',
  peer: libsndfileLibrary,
  peerTitle: 'libsndfile in C',
  // What most of libsndfile's users read, and the codecs whose decoders it brings along.
  encodings: ['wav', 'flac', 'mp3-192k', 'vorbis'],
  atLeast: 0.91,
})
