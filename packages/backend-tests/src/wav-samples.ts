import type { ConformanceSample } from './conformance-sample.js'
import { signalSamples } from './sample-signal.js'
import type { SignalShape } from './sample-signal.js'
import { wavFile } from './wav-file.js'

/** WAV files of every shape, written by the suite itself: 1 to 8 channels, 8 to 192 kHz, 0, 1 and 100 frames. */
export function wavSamples(): readonly ConformanceSample[] {
  const channels = [1, 2, 3, 4, 5, 6, 7, 8].map((count) =>
    sample(`${count}-channels.wav`, { channels: count, frames: 2205, sampleRate: 44_100 }),
  )
  const rates = [8000, 11_025, 16_000, 22_050, 32_000, 48_000, 88_200, 96_000, 192_000].map(
    (sampleRate) => sample(`${sampleRate}-hz.wav`, { channels: 1, frames: 3000, sampleRate }),
  )
  const lengths = [0, 1, 100].map((frames) =>
    sample(`${frames}-frames.wav`, { channels: 2, frames, sampleRate: 44_100 }),
  )
  const shape = { channels: 2, frames: 13_230, sampleRate: 44_100 }
  // One of them can be made long; that it stops when it is told to does not depend on the shape.
  const main = { ...sample('s16.wav', shape), repeat: (times: number) => repeated(shape, times) }
  return [main, ...channels, ...rates, ...lengths]
}

function sample(name: string, shape: SignalShape): ConformanceSample {
  return {
    ...shape,
    name,
    format: 'wav',
    extension: 'wav',
    container: 'wav',
    codec: 'pcm_s16le',
    bytes: () => wavFile(shape, 16),
    reference: () => signalSamples(shape, 16),
    bound: 0,
  }
}

/** The samples of a file many times over, behind a header that says so. */
function repeated(shape: SignalShape, times: number): Uint8Array {
  const once = wavFile(shape, 16)
  const sizeAt =
    once.findIndex((_, i) => new TextDecoder().decode(once.subarray(i, i + 4)) === 'data') + 4
  const samples = once.subarray(sizeAt + 4)
  const all = new Uint8Array(sizeAt + 4 + samples.length * times)
  all.set(once.subarray(0, sizeAt))
  for (let i = 0; i < times; i++) all.set(samples, sizeAt + 4 + i * samples.length)
  const view = new DataView(all.buffer)
  view.setUint32(4, all.length - 8, true)
  view.setUint32(sizeAt, samples.length * times, true)
  return all
}
