import { backendCase } from '../backend-case.js'
import type { BenchCase } from '../bench-case.js'
import { beamcoder } from '../engines/decoders.js'
import { ffmpegCommand } from '../engines/ffmpeg-command.js'

/**
 * The FFmpeg backend, which may take 1.15 times what the command of the same FFmpeg takes to decode, its start not counted. The
 * command keeps no samples. Beside it the npm package beamcoder, with the same FFmpeg.
 */
export const ffmpeg: BenchCase = backendCase({
  backend: 'ffmpeg',
  peer: ffmpegCommand,
  peerTitle: 'the ffmpeg command',
  rival: { name: 'beamcoder', start: beamcoder },
  encodings: ['mp3-192k', 'aac', 'opus'],
  atLeast: 0.87,
})
