import { backendConformance } from '../src/index.js'
import { oracleBackend } from './oracle-backend.js'

// A backend that is right passes everything: what the planted mistakes are told by is the mistake alone.
backendConformance(oracleBackend(), {
  formats: [
    'wav',
    'aiff',
    'caf',
    'flac',
    'ogg-flac',
    'alac',
    'wavpack',
    'tta',
    'mp3',
    'mp2',
    'vorbis',
    'opus',
    'aac',
    'adts',
    'ac3',
  ],
})
