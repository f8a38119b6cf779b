import { stream } from '@audiodecode/core'
import type { AudioInput, LoadOptions } from '@audiodecode/core'

import { drawPeaks } from './waveform.js'

/** Frames that share one peak while the length is not known yet. */
const BUCKET_FRAMES = 512

/** The waveform of a whole input, decoded block by block: 4 bytes of memory for 512 frames. */
export async function waveformOf(
  input: AudioInput,
  options: Pick<LoadOptions, 'backend' | 'track' | 'limits' | 'signal'>,
  columns: number,
): Promise<string> {
  const peaks: number[] = []
  let frames = 0
  let rate = 1
  for await (const block of stream(input, options)) {
    for (const samples of block.channelData) {
      for (let i = 0; i < samples.length; i++) {
        const bucket = Math.floor((frames + i) / BUCKET_FRAMES)
        const level = Math.abs(samples[i] as number)
        if (!(level <= (peaks[bucket] ?? -1))) peaks[bucket] = level
      }
    }
    frames += block.frames
    rate = block.sampleRate
  }
  return drawPeaks(Float32Array.from(peaks), {
    columns,
    durationSeconds: frames / rate,
    startSeconds: 0,
  })
}
