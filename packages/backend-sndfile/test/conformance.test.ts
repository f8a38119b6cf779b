import { backendConformance } from '@audiodecode/backend-tests'

import { sndfileBackend } from '../src/index.js'

backendConformance(sndfileBackend, {
  formats: ['wav', 'aiff', 'caf', 'flac', 'mp3', 'mp2', 'vorbis', 'opus'],
  table: '../etc/conformance.json',
})
