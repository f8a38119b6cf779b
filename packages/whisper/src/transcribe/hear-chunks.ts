import { seededRandom } from '../engine/seeded-random.js'
import type { SpeechModel, Window, WindowBeside } from '../engine/speech-model.js'
import { WINDOW_FRAMES } from '../engine/speech-model.js'
import type { TokenRules } from '../engine/token-rules.js'
import { strip } from '../python/text.js'
import type { Tokenizer } from '../tokenizer/tokenizer.js'
import type { WordTiming } from '../words/find-alignment.js'
import { findWords } from '../words/time-words.js'
import { compressionRatio } from './compression-ratio.js'
import { likeliestLanguage } from './detect-language.js'
import { generateWithFallback, requestAt } from './generate-with-fallback.js'
import type { Outcome, WindowTask } from './generate-with-fallback.js'
import { initialPromptTokens } from './initial-prompt.js'
import { cutWindow, logMel } from './mel.js'
import { isSilent } from './needs-fallback.js'
import type { ResolvedOptions } from './options.js'
import type { AudioChunk } from './plan-chunks.js'
import { splitSegmentsByTimestamps } from './split-segments.js'
import type { SplitSegment } from './split-segments.js'
import { rulesOf, windowTask } from './window-task.js'

/** A part of what was heard; times in seconds of all chunks put together. */
export interface HeardSegment extends SplitSegment {
  readonly text: string
  readonly compressionRatio: number
}

/** What was heard in a chunk: plain data. */
export interface HeardChunk extends Pick<Outcome, 'avgLogprob' | 'noSpeechProb' | 'temperature'> {
  readonly index: number
  /** Empty when nothing is said. */
  readonly segments: readonly HeardSegment[]
  /** With word timestamps; in seconds of the chunk. */
  readonly words: readonly WordTiming[] | null
}

/** What chunks are heard with. */
export interface ChunkHearing {
  readonly model: SpeechModel
  readonly tokenizer: Tokenizer
  readonly language: string
  readonly options: ResolvedOptions
  /** Chunks that are decoded at the same time. */
  readonly most: number
  readonly signal: AbortSignal
}

/** Chunks that come when they come. */
export interface ChunkQueue {
  /** The next one, if it is there. */
  take(): AudioChunk | undefined
  /** Resolves with true once there is one, with false when none will be. */
  wait(): Promise<boolean>
}

/**
 * Decodes chunks side by side, each behind the same prompt, as BatchedInferencePipeline of faster-whisper does. What that one has
 * not: a chunk that fails the thresholds is decoded again at the next temperature, and a silent one is left out, as in the
 * sequential way. `tell` hears of chunks as they are done, which need not be in order.
 */
export async function hearChunks(
  hearing: ChunkHearing,
  chunks: ChunkQueue,
  tell: (heard: HeardChunk) => void,
): Promise<void> {
  const { model, tokenizer, options, most, signal } = hearing
  const rules = rulesOf(tokenizer, model.files.config, options)
  const next = (): WindowBeside | undefined => {
    const chunk = chunks.take()
    return chunk === undefined ? undefined : besides(hearing, rules, chunk, tell)
  }
  while (await chunks.wait()) await model.withWindows(most, next, signal)
}

function besides(
  hearing: ChunkHearing,
  rules: TokenRules,
  chunk: AudioChunk,
  tell: (heard: HeardChunk) => void,
): WindowBeside {
  const { model, tokenizer, options, signal } = hearing
  const { config } = model.files
  let { language } = hearing
  let task: WindowTask
  return {
    mel: async () => {
      const mel = await logMel(chunk.samples, config.mels, signal)
      // The last frame is half a hop of padding.
      return cutWindow(mel, 0, Math.min(mel.frames - 1, WINDOW_FRAMES))
    },
    begin: async (window) => {
      if (options.multilingual) ({ language } = await likeliestLanguage(window, tokenizer))
      task = windowTask({
        tokenizer,
        config,
        options,
        rules,
        language,
        previousTokens: initialPromptTokens(tokenizer, options.initialPrompt),
        isFirst: chunk.index === 0,
        // Of its own, so that what was decoded beside it does not matter.
        random: seededRandom(options.seed + chunk.index),
        signal,
      })
      return requestAt(task, 0)
    },
    end: async (window, found) => {
      const outcome = await generateWithFallback(window, task, found)
      tell(await understand(window, outcome, { ...hearing, language }, chunk))
    },
  }
}

async function understand(
  window: Window,
  outcome: Outcome,
  { tokenizer, options, language }: ChunkHearing,
  { index, offset, duration }: AudioChunk,
): Promise<HeardChunk> {
  const { avgLogprob, noSpeechProb, temperature } = outcome
  const heard = { index, avgLogprob, noSpeechProb, temperature, words: null }
  if (isSilent(outcome, options)) return { ...heard, segments: [] }
  const frames = 100 * Math.ceil(duration)
  const split = splitSegmentsByTimestamps({
    tokens: outcome.tokens,
    timeOffset: offset,
    segmentSize: frames,
    segmentDuration: duration,
    seek: Math.trunc(offset * 100),
    timestampBegin: tokenizer.specials.timestampBegin,
  })
  const segments = split.segments.map((segment) => {
    const text = tokenizer.decode(segment.tokens)
    return { ...segment, text, compressionRatio: compressionRatio(text) }
  })
  const said = segments.filter(({ text, tokens }) => strip(text) !== '' && tokens.length > 0)
  if (!options.wordTimestamps) return { ...heard, segments: said }
  const timing = { tokenizer, language, task: options.task, frames }
  return { ...heard, segments: said, words: await findWords(window, said, timing) }
}
