import { seededRandom } from '../engine/seeded-random.js'
import type { SpeechModel, WindowBeside } from '../engine/speech-model.js'
import { WINDOW_FRAMES } from '../engine/speech-model.js'
import type { TokenRules } from '../engine/token-rules.js'
import type { Tokenizer } from '../tokenizer/tokenizer.js'
import { likeliestLanguage } from './detect-language.js'
import { atFirstTemperature } from './first-temperature.js'
import { generateWithFallback, requestAt } from './generate-with-fallback.js'
import type { WindowTask } from './generate-with-fallback.js'
import { understandChunk } from './heard-chunk.js'
import type { HeardChunk } from './heard-chunk.js'
import { initialPromptTokens } from './initial-prompt.js'
import { cutWindow, HOP, logMel } from './mel.js'
import type { ResolvedOptions } from './options.js'
import type { AudioChunk } from './plan-chunks.js'
import { standsAlone } from './sound-result.js'
import { rulesOf, windowTask } from './window-task.js'

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
 * sequential way; and a chunk with little audio in it is encoded as it is, and again as 30 s when what was heard looks wrong. `tell`
 * hears of chunks as they are done, which need not be in order.
 */
export async function hearChunks(
  hearing: ChunkHearing,
  chunks: ChunkQueue,
  tell: (heard: HeardChunk) => void,
): Promise<void> {
  const { model, tokenizer, options, most, signal } = hearing
  const rules = rulesOf(tokenizer, model.files.config, options)
  /** What is to be heard as 30 s. */
  const again: AudioChunk[] = []
  const next = (): WindowBeside | undefined => {
    const doubtful = again.shift()
    const chunk = doubtful ?? chunks.take()
    if (chunk === undefined) return undefined
    const isExact = doubtful !== undefined || options.shortAudio === 'exact'
    const frames = isExact ? WINDOW_FRAMES : model.framesFor(framesOf(chunk))
    return besides(hearing, rules, chunk, frames, (heard) => {
      if (heard === null) again.push(chunk)
      else tell(heard)
    })
  }
  while (again.length > 0 || (await chunks.wait())) await model.withWindows(most, next, signal)
}

/** `tell` gets null when the chunk was encoded in less than a window and what was heard looks wrong. */
function besides(
  hearing: ChunkHearing,
  rules: TokenRules,
  chunk: AudioChunk,
  frames: number,
  tell: (heard: HeardChunk | null) => void,
): WindowBeside {
  const { model, tokenizer, signal } = hearing
  const { config } = model.files
  const isShort = frames < WINDOW_FRAMES
  const options = isShort ? atFirstTemperature(hearing.options) : hearing.options
  let { language } = hearing
  let task: WindowTask
  return {
    frames,
    mel: async () => {
      const mel = await logMel(chunk.samples, config.mels, signal)
      return cutWindow(mel, 0, framesOf(chunk), frames)
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
      const how = { seconds: chunk.duration, tokenizer }
      if (isShort && !standsAlone(outcome, how, options)) tell(null)
      else tell(await understandChunk(window, outcome, { ...hearing, language }, chunk))
    },
  }
}

/** Frames of audio, without the last one, which is half a hop of padding. */
function framesOf({ samples }: AudioChunk): number {
  return Math.min(Math.floor(samples.length / HOP), WINDOW_FRAMES)
}
