import { ffmpegBackend } from '@audiodecode/backend-ffmpeg'
import { beamcoderBackend } from '@audiodecode/backend-ffmpeg/beamcoder'
import { rustBackend } from '@audiodecode/backend-rust'
import { sndfileBackend } from '@audiodecode/backend-sndfile'
import type { AudioBackend } from '@audiodecode/core'

/** The backends that are compared, in the order of columns. */
export const backends: readonly AudioBackend[] = [
  rustBackend,
  sndfileBackend,
  ffmpegBackend,
  beamcoderBackend,
]
