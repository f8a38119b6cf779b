import { backendConformance } from '@audiodecode/backend-tests'

import { ffmpegBackend } from '../src/index.js'

backendConformance(ffmpegBackend, {
  formats: [
    ...(['wav', 'aiff', 'caf', 'flac', 'ogg-flac', 'alac', 'wavpack', 'tta'] as const),
    ...(['mp3', 'mp2', 'vorbis', 'opus', 'aac', 'adts', 'ac3'] as const),
  ],
  table: '../etc/conformance.json',
})
