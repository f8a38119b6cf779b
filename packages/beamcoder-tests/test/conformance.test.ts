import { beamcoderBackend } from '@audiodecode/backend-ffmpeg/beamcoder'
import { backendConformance } from '@audiodecode/backend-tests'

backendConformance(beamcoderBackend, {
  formats: [
    ...(['wav', 'aiff', 'caf', 'flac', 'ogg-flac', 'alac', 'wavpack', 'tta'] as const),
    ...(['mp3', 'mp2', 'vorbis', 'opus', 'aac', 'adts', 'ac3'] as const),
  ],
  table: '../etc/conformance.json',
})
