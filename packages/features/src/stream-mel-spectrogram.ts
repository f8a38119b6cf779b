import type { AudioData } from '@audiodecode/core'
import { allocateSamples } from '@audiodecode/native-bridge'

import { checkAudio } from './audio-samples.js'
import type { PlanarAudio } from './audio-samples.js'
import { run } from './compute.js'
import { toFeatureMatrix } from './feature-matrix.js'
import type { FeatureMatrix } from './feature-matrix.js'
import { checkFrames, countFrames } from './frames.js'
import type { Frames } from './frames.js'
import { loadBinding } from './load-binding.js'
import { HOP_LENGTH } from './mel-spectrogram.js'
import { checkMel, warnOfEmptyFilters } from './mel.js'
import type { MelOptions } from './options.js'
import { createSampleQueue } from './sample-queue.js'
import type { SampleQueue } from './sample-queue.js'

const WHAT = 'streamMelSpectrogram'

/**
 * A mel spectrogram of audio that comes in blocks: the matrices, one behind the other, are what `melSpectrogram` gives of all
 * blocks together, bit for bit. Each block gives the frames that are complete with it, and the end those that reach beyond it.
 * Memory is a block and a frame. Nothing is in decibels here: `topDb` would need the whole.
 *
 * @throws As `melSpectrogram` does; TypeError when rate or channels change within the stream.
 */
export function streamMelSpectrogram(
  blocks: AsyncIterable<AudioData>,
  options: MelOptions = {},
): AsyncIterable<FeatureMatrix> {
  if (typeof blocks?.[Symbol.asyncIterator] !== 'function') {
    throw new TypeError('blocks must be an async iterable, such as stream() gives')
  }
  checkFrames(options, () => HOP_LENGTH)
  return spectrograms(blocks, { ...options })
}

async function* spectrograms(
  blocks: AsyncIterable<AudioData>,
  options: MelOptions,
): AsyncGenerator<FeatureMatrix, void, undefined> {
  const frames = checkFrames(options, () => HOP_LENGTH)
  frames.signal?.throwIfAborted()
  let stream: { readonly compute: Compute; readonly queue: SampleQueue } | undefined
  let shape: PlanarAudio | undefined
  for await (const block of blocks) {
    frames.signal?.throwIfAborted()
    const audio = checkAudio(block)
    shape ??= audio
    checkSame(shape, audio)
    stream ??= startStream(frames, options, audio)
    await stream.queue.push(audio, WHAT)
    const count = stream.queue.complete()
    if (count > 0) yield await stream.compute(count, Number.MAX_SAFE_INTEGER)
  }
  if (stream === undefined) return
  const length = stream.queue.received()
  const left = countFrames(frames, length) - stream.queue.nextFrame()
  if (left > 0) yield await stream.compute(left, length)
}

/** Computes so many frames, from the next one on, of a signal of that length. */
type Compute = (count: number, length: number) => Promise<FeatureMatrix>

function startStream(
  frames: Frames,
  options: MelOptions,
  { channels, sampleRate }: PlanarAudio,
): { readonly compute: Compute; readonly queue: SampleQueue } {
  const { signal, ...framing } = frames
  const { hopLength } = framing
  const mel = checkMel(options, sampleRate)
  const queue = createSampleQueue(frames, channels)
  const binding = loadBinding()
  const compute: Compute = async (count, length) => {
    const { samples, start, firstFrame } = queue.take(count)
    const data = allocateSamples(channels * mel.nMels * count, undefined, WHAT)
    const native = { ...framing, channels, start, length, firstFrame, frames: count }
    const empty = await run(binding, WHAT, signal, async (token) =>
      binding.mel(samples, data, native, mel, null, token),
    )
    warnOfEmptyFilters(empty, mel, framing.nFft)
    return toFeatureMatrix({ data, channels, shape: [mel.nMels, count], sampleRate, hopLength })
  }
  return { compute, queue }
}

function checkSame(before: PlanarAudio, now: PlanarAudio): void {
  if (now.sampleRate === before.sampleRate && now.channels === before.channels) return
  throw new TypeError(
    `the stream changes from ${before.channels} channels at ${before.sampleRate} Hz to ${now.channels} at ${now.sampleRate} Hz`,
  )
}
