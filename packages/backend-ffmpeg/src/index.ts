import { registerBackend } from '@audiodecode/core'

import { ffmpegBackend } from './ffmpeg-backend.js'

registerBackend(ffmpegBackend)

export { ffmpegBackend }
