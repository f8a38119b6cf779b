import { setImmediate as nextTurn } from 'node:timers/promises'

import type { AudioData } from '@audiodecode/core'

import { allocateSamples } from './allocate-samples.js'

/** Samples copied in one go: 4 MiB, about a millisecond. */
const STRETCH_SAMPLES = 1 << 20

/** The same audio in memory of its own. The event loop gets a turn every 4 MiB. */
export async function copyAudio(audio: AudioData, signal?: AbortSignal): Promise<AudioData> {
  const { data } = audio
  const copy = allocateSamples(data.length)
  await copySamples(data, copy, signal)
  return audioOf({ ...audio, data: copy, report: structuredClone(audio.report) })
}

/** Copies `source` to the beginning of `target` in stretches. */
export async function copySamples(
  source: Float32Array,
  target: Float32Array,
  signal?: AbortSignal,
): Promise<void> {
  for (let at = 0; at < source.length; at += STRETCH_SAMPLES) {
    if (at > 0) {
      await nextTurn()
      signal?.throwIfAborted()
    }
    target.set(source.subarray(at, at + STRETCH_SAMPLES), at)
  }
}

/** Completes what follows from the samples. */
export function audioOf(
  parts: Pick<
    AudioData,
    'data' | 'channels' | 'sampleRate' | 'startSeconds' | 'backend' | 'report'
  >,
): AudioData {
  const { data, channels, sampleRate, startSeconds, backend, report } = parts
  const frames = data.length / channels
  const channelData = Array.from({ length: channels }, (_, channel) =>
    data.subarray(channel * frames, (channel + 1) * frames),
  )
  const durationSeconds = frames / sampleRate
  return {
    data,
    channelData,
    channels,
    frames,
    sampleRate,
    durationSeconds,
    startSeconds,
    backend,
    report,
  }
}
