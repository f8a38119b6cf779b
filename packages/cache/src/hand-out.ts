import type { AudioData } from '@audiodecode/core'

import { allocateSamples } from './allocate-samples.js'
import { audioOf, copyAudio, copySamples } from './copy-audio.js'
import type { Found } from './memory-tier.js'

/** What is stored as the caller gets it: a copy, or with `shared` the samples themselves where a part of them lies together. */
export async function handOut(
  { audio, part }: Found,
  shared: boolean,
  signal?: AbortSignal,
): Promise<AudioData> {
  if (part === null) return shared ? audio : copyAudio(audio, signal)
  const { from, to, startSeconds, report } = part
  const { channels } = audio
  const planes = audio.channelData.map((plane) => plane.subarray(from, to))
  const only = planes[0]
  if (shared && channels === 1 && only !== undefined) {
    return audioOf({ ...audio, data: only, startSeconds, report })
  }
  const data = allocateSamples((to - from) * channels)
  for (const [channel, plane] of planes.entries()) {
    await copySamples(plane, data.subarray(channel * (to - from)), signal)
  }
  return audioOf({ ...audio, data, startSeconds, report: structuredClone(report) })
}
