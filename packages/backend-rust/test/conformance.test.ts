import { backendConformance } from '@audiodecode/backend-tests'

import { rustBackend } from '../src/index.js'

backendConformance(rustBackend, {
  formats: [
    'wav',
    'aiff',
    'caf',
    'flac',
    'ogg-flac',
    'alac',
    'mp3',
    'mp2',
    'vorbis',
    'opus',
    'aac',
    'adts',
  ],
  table: '../etc/conformance.json',
})
