import { load } from '@audiodecode/core'
import type { AudioData, LoadOptions } from '@audiodecode/core'

/** Memory that files are decoded into, one after the other. */
export interface SampleMemory {
  /** Loads a file and hands it to `work`; its samples are gone when the promise settles. */
  load<T>(path: string, options: LoadOptions, work: (audio: AudioData) => Promise<T>): Promise<T>
}

/** The longest audio whose memory is kept: 16 MiB of samples, three minutes at 22,050 Hz. */
const LONGEST_KEPT = 1 << 22

/**
 * Shared memory, which native threads write in place, as long as the longest file so far. Used again, its pages are there already,
 * and nothing is left for the garbage collector.
 */
export function createSampleMemory(): SampleMemory {
  let free: Float32Array[] = []
  let length = 0
  const grow = (needed: number): void => {
    if (needed <= length || needed > LONGEST_KEPT) return
    // Files are seldom equally long: the next one may be a little longer.
    length = Math.min(LONGEST_KEPT, Math.ceil(needed * 1.25))
    free = []
  }
  const take = (): Float32Array =>
    free.pop() ?? new Float32Array(new SharedArrayBuffer(length * Float32Array.BYTES_PER_ELEMENT))
  return {
    async load(path, options, work) {
      const out = take()
      try {
        const audio = await loadInto(out, path, options)
        grow(audio.data.length)
        return await work(audio)
      } finally {
        if (out.length === length) free.push(out)
      }
    },
  }
}

async function loadInto(out: Float32Array, path: string, options: LoadOptions): Promise<AudioData> {
  if (out.length === 0) return load(path, options)
  try {
    return await load(path, { ...options, out })
  } catch (error) {
    // The file is longer than all before, as is said before anything is decoded where that is known.
    if (error instanceof RangeError) return load(path, options)
    throw error
  }
}
