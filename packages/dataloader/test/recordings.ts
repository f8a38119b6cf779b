import { makeWav, temporaryFolder } from '@audiodecode/test-support'

import type { AudioBatch } from '../src/index.js'

/** A recording of a test. */
export interface Recording {
  readonly path: string
  readonly durationSeconds: number
}

/** Frames of recording `at`: from 0.3 to 0.98 s at 8 kHz, in an order that is not that of their numbers. */
export function framesOf(at: number): number {
  return 2400 + ((at * 37) % 69) * 80
}

/** Writes `count` recordings, mono unless said otherwise, each with samples of its own, into a folder of this test file. */
export function makeRecordings(
  count: number,
  { sampleRate = 8000, channels = 1 }: { sampleRate?: number; channels?: number } = {},
): readonly Recording[] {
  const write = temporaryFolder()
  return Array.from({ length: count }, (_, at) => {
    const frames = framesOf(at)
    const tone = 0.02 + at * 0.003
    const sample = (frame: number, channel: number): number =>
      Math.round(12_000 * Math.sin(frame * tone * (channel + 1)) + ((frame * 7919 + at) % 251))
    const path = write(`${at}.wav`, makeWav({ sampleRate, channels, frames, sample }))
    return { path, durationSeconds: frames / sampleRate }
  })
}

/** All batches of an epoch. */
export async function collect<T>(loader: AsyncIterable<T>): Promise<T[]> {
  const batches: T[] = []
  for await (const batch of loader) batches.push(batch)
  return batches
}

/** The numbers of one item of a batch: [channels × rows] lines without the padding. */
export function linesOf(batch: AudioBatch<unknown>, at: number): Float32Array[] {
  const frames = batch.shape.at(-1)!
  const lines = batch.shape.slice(1, -1).reduce((product, size) => product * size, 1)
  return Array.from({ length: lines }, (_, line) => {
    const start = (at * lines + line) * frames
    return batch.data.subarray(start, start + batch.lengths[at]!)
  })
}

/** Whatever lies behind the true frames. */
export function paddingOf(batch: AudioBatch<unknown>): number[] {
  const frames = batch.shape.at(-1)!
  const lines = batch.shape.slice(1, -1).reduce((product, size) => product * size, 1)
  const rest: number[] = []
  for (let line = 0; line < batch.lengths.length * lines; line++) {
    const length = batch.lengths[Math.floor(line / lines)]!
    rest.push(...batch.data.subarray(line * frames + length, (line + 1) * frames))
  }
  return rest
}

/** The same batch in a form that compares quickly. */
export function digest(batch: AudioBatch<unknown>): string {
  let hash = 0
  const words = new Uint32Array(batch.data.buffer, batch.data.byteOffset, batch.data.length)
  for (const word of words) hash = (Math.imul(hash, 31) + word) | 0
  return [batch.indices.join(), batch.lengths.join(), batch.startSeconds.join(), hash].join(' ')
}
