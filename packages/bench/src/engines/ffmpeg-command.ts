import { readFile, writeFile } from 'node:fs/promises'

import { mediaFile } from '../media/media-file.js'
import { runCommand } from '../run-command.js'
import type { Decoder } from './decoder.js'

/** The ffmpeg command on one thread, less a run that decodes next to nothing. It keeps no samples. */
export function ffmpegCommand(): Decoder {
  return {
    name: 'FFmpeg (command)',
    async time(file) {
      const empty = await mediaFile({ encoding: 'wav', seconds: 0.1 })
      const base = await runCommand('ffmpeg', decodeArgs(empty, '/dev/null'))
      const { wallMs } = await runCommand('ffmpeg', decodeArgs(file, '/dev/null'))
      return wallMs - base.wallMs
    },
    async dump(file, target) {
      await runCommand('ffmpeg', decodeArgs(file, target))
      const { channels, sampleRate } = await probe(file)
      return { ms: Number.NaN, frames: await deinterleave(target, channels), channels, sampleRate }
    },
    async [Symbol.asyncDispose]() {},
  }
}

/** Arguments that decode a file to interleaved float32 samples. */
function decodeArgs(file: string, target: string): readonly string[] {
  const quiet = ['-v', 'error', '-nostdin', '-y']
  return [...quiet, '-threads', '1', '-i', file, '-f', 'f32le', target]
}

async function probe(file: string): Promise<{ channels: number; sampleRate: number }> {
  const fields = ['-show_entries', 'stream=sample_rate,channels', '-of', 'json']
  const args = ['-v', 'error', '-select_streams', 'a:0', ...fields, file]
  const { stdout } = await runCommand('ffprobe', args)
  const stream = (JSON.parse(stdout) as { streams: Record<string, unknown>[] }).streams[0]
  return { channels: Number(stream?.['channels']), sampleRate: Number(stream?.['sample_rate']) }
}

/** Turns interleaved float32 samples in a file into planar ones; gives the frames. */
async function deinterleave(file: string, channels: number): Promise<number> {
  const bytes = await readFile(file)
  const interleaved = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4)
  const frames = interleaved.length / channels
  const planar = new Float32Array(interleaved.length)
  for (let channel = 0; channel < channels; channel++) {
    for (let frame = 0; frame < frames; frame++) {
      planar[channel * frames + frame] = interleaved[frame * channels + channel]!
    }
  }
  await writeFile(file, planar)
  return frames
}
