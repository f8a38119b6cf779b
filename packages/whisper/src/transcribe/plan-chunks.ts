import { AudioDecodeError } from '@audiodecode/core'

import type { ChunkSpans, SampleSpan } from './collect-chunks.js'
import { SampleTape } from './sample-tape.js'

/** A part of the audio, at most a window long, that is decoded by itself. */
export interface AudioChunk extends ChunkSpans {
  readonly index: number
  readonly samples: Float32Array
}

/** Decides what the chunks are. */
export interface ChunkCutter {
  /** Chunks that are decided by what has come. After `ended` nothing more comes. */
  cut(tape: SampleTape, ended: boolean): AsyncIterable<ChunkSpans>
  /** No chunk to come begins before this sample. */
  readonly settled: number
}

/** Cuts audio that comes block by block into chunks. */
export async function* planChunks(
  blocks: AsyncIterable<Float32Array>,
  cutter: ChunkCutter,
): AsyncGenerator<AudioChunk> {
  const tape = new SampleTape()
  let index = 0
  const chunks = async function* (ended: boolean): AsyncGenerator<AudioChunk> {
    for await (const chunk of cutter.cut(tape, ended)) {
      yield { ...chunk, index, samples: tape.join(chunk.speech) }
      index += 1
      tape.forget(cutter.settled)
    }
    tape.forget(cutter.settled)
  }
  for await (const block of blocks) {
    checkFinite(block, tape.length)
    tape.push(block)
    yield* chunks(false)
  }
  yield* chunks(true)
}

/** Chunks that are known beforehand, in samples; none is longer than `most`, longer ones are several. */
export function cutClips(
  clips: readonly SampleSpan[],
  most: number,
  sampleRate: number,
): ChunkCutter {
  let next = 0
  let start = clips[0]?.start ?? Infinity
  const earliest = (): number =>
    clips.slice(next + 1).reduce((least, clip) => Math.min(least, clip.start), start)
  return {
    get settled() {
      return earliest()
    },
    async *cut(tape, ended) {
      for (let clip = clips[next]; clip !== undefined; clip = clips[next]) {
        const wanted = Math.min(start + most, clip.end)
        if (tape.length < wanted && !ended) return
        const end = Math.min(wanted, tape.length)
        if (end > start) {
          const span = { start, end }
          yield { offset: start / sampleRate, duration: (end - start) / sampleRate, speech: [span] }
        }
        start = end
        if (wanted === clip.end || end < wanted) {
          next += 1
          start = clips[next]?.start ?? Infinity
        }
      }
    },
  }
}

/** One sample that is no number would make a whole spectrogram none. */
export function checkFinite(samples: Float32Array, offset = 0): void {
  const index = samples.findIndex((sample) => !Number.isFinite(sample))
  if (index < 0) return
  throw new AudioDecodeError(
    'ERR_CORRUPT',
    `sample ${offset + index} of the audio is ${samples[index]}, which cannot be listened to. Replace what is no finite number by 0.`,
  )
}
