import { ChunkCollector } from '../transcribe/collect-chunks.js'
import type { ChunkCutter } from '../transcribe/plan-chunks.js'
import { SpeechFinder } from './speech-timestamps.js'
import { BLOCK_WINDOWS } from './vad-model.js'
import type { VadModel, VadRun } from './vad-model.js'
import type { VadOptions } from './vad-options.js'
import { CONTEXT_SAMPLES, WINDOW_SAMPLES, windowCount, windowRows } from './vad-windows.js'

/** Chunks of what is spoken, of `maxDurationS` at most, found while the audio comes. */
export function cutSpeech(
  model: VadModel,
  options: VadOptions,
  maxDurationS: number,
  { signal, onSamples }: VadRun,
): ChunkCutter {
  const stream = model.listen()
  const finder = new SpeechFinder(options)
  const collector = new ChunkCollector({ maxDurationS })
  let heard = 0
  return {
    get settled() {
      const context = Math.max(0, heard * WINDOW_SAMPLES - CONTEXT_SAMPLES)
      return Math.min(finder.settled, collector.openStart ?? Infinity, context)
    },
    async *cut(tape, ended) {
      const total = ended ? tape.length : Infinity
      const ready = ended ? windowCount(total) : Math.floor(tape.length / WINDOW_SAMPLES)
      while (heard < ready) {
        signal?.throwIfAborted()
        const end = Math.min(heard + BLOCK_WINDOWS, ready)
        const offset = Math.max(0, heard * WINDOW_SAMPLES - CONTEXT_SAMPLES)
        const samples = tape.read(offset, end * WINDOW_SAMPLES)
        const found = await stream.hear(windowRows(samples, heard, end, { offset, total }))
        heard = end
        onSamples?.(Math.min(tape.length, end * WINDOW_SAMPLES))
        for (const span of finder.hear(found)) yield* collector.push(span)
      }
      if (!ended) return
      for (const span of finder.finish(tape.length)) yield* collector.push(span)
      yield* collector.finish()
    },
  }
}
