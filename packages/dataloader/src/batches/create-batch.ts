import type { AudioBatch } from '../audio-batch.js'
import type { CheckedOptions } from '../check-options.js'
import { BatchTensor } from './batch-tensor.js'
import type { FrameLayout } from './frame-layout.js'
import type { BatchMember } from './split-members.js'

/** What a batch is made with. */
export interface BatchForm<Item> {
  readonly items: readonly Item[]
  readonly options: CheckedOptions
  readonly layout: FrameLayout
  readonly signal: AbortSignal
}

/** A batch of items, at least one, of the same number of channels. They have been copied to `tensor` already, if there is one. */
export async function createBatch<Item>(
  members: readonly BatchMember[],
  tensor: BatchTensor | undefined,
  { items, options, layout, signal }: BatchForm<Item>,
): Promise<AudioBatch<Item>> {
  const longest = Math.max(...members.map(({ loaded }) => loaded.frames))
  const frames = layout.fixedFrames ?? longest
  const filled = tensor ?? new BatchTensor(members.length, frames)
  if (tensor === undefined) {
    for (const [at, { loaded }] of members.entries()) await filled.add(at, loaded, signal)
  }
  const places = members.map(({ place }, at) => (tensor === undefined ? at : place))
  const { channels, rows } = members[0]!.loaded
  const inner =
    options.features === undefined ? [channels] : options.mono ? [rows] : [channels, rows]
  return {
    data: await filled.finish(places, frames, signal),
    shape: [members.length, ...inner, frames],
    lengths: Int32Array.from(members, ({ loaded }) => loaded.frames),
    indices: Int32Array.from(members, ({ index }) => index),
    startSeconds: Float64Array.from(members, ({ loaded }) => loaded.startSeconds),
    items: members.map(({ index }) => items[index]!),
  }
}

/** Frames of the longest of items of these durations; undefined when not all are known, or when features have other frames. */
export function longestFrames(
  seconds: readonly (number | null)[],
  { features, sampleRate }: CheckedOptions,
): number | undefined {
  if (features !== undefined) return undefined
  let longest = 0
  for (const duration of seconds) {
    if (duration === null) return undefined
    longest = Math.max(longest, duration)
  }
  // A frame is not begun by a rounding error of its seconds.
  return Math.ceil(longest * sampleRate - 1e-3)
}
