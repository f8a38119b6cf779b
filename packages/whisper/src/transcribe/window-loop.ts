import type { Segment } from '@audiodecode/core'

import { seededRandom } from '../engine/seeded-random.js'
import { WINDOW_FRAMES } from '../engine/speech-model.js'
import type { SpeechModel, Window } from '../engine/speech-model.js'
import type { TokenRules } from '../engine/token-rules.js'
import { strip } from '../python/text.js'
import type { Tokenizer } from '../tokenizer/tokenizer.js'
import type { TimedSegment } from '../words/add-word-timestamps.js'
import { lastWordEnd, seekAfterWords } from '../words/seek-after-words.js'
import { skipHallucinations } from '../words/skip-hallucinations.js'
import { timeWords } from '../words/time-words.js'
import { likeliestLanguage } from './detect-language.js'
import { atFirstTemperature } from './first-temperature.js'
import { generateWithFallback } from './generate-with-fallback.js'
import type { Outcome } from './generate-with-fallback.js'
import { initialPromptTokens } from './initial-prompt.js'
import type { MelWindows } from './mel.js'
import { isSilent } from './needs-fallback.js'
import type { ResolvedOptions } from './options.js'
import { seekPoints } from './seek-points.js'
import { standsAlone } from './sound-result.js'
import { splitSegmentsByTimestamps } from './split-segments.js'
import { rulesOf, windowTask } from './window-task.js'

/** Seconds between two frames. */
const TIME_PER_FRAME = 0.01

/** What the loop works with. */
export interface Speech {
  readonly model: SpeechModel
  readonly tokenizer: Tokenizer
  readonly mel: MelWindows
  readonly language: string
  readonly options: ResolvedOptions
  readonly signal: AbortSignal
  /** Is told the frame up to which the audio is done. */
  readonly onFrames: (frames: number) => void
}

/** What goes on from window to window. */
interface Progress {
  /** Tokens of everything said so far, and from where on they are a prompt. */
  readonly said: number[]
  promptStart: number
  lastSpeechTimestamp: number
  readonly random: () => number
  readonly rules: TokenRules
}

/** What came of a window. */
interface Heard {
  readonly outcome: Outcome
  readonly segments: readonly (Omit<TimedSegment, 'words'> & Partial<TimedSegment>)[]
  /** Frame that the next window begins at. */
  readonly seek: number
  /** Nothing of it counts. */
  readonly again: boolean
}

/**
 * Transcribes window after window, each beginning where the one before was understood up to, with its text as the prompt
 * (faster-whisper's `generate_segments`). Yields segments as they are decided.
 */
export async function* transcribeWindows(speech: Speech): AsyncGenerator<Segment> {
  const { model, tokenizer, mel, options, signal } = speech
  // The last frame is half a hop of padding.
  const contentFrames = mel.frames - 1
  const progress: Progress = {
    said: initialPromptTokens(tokenizer, options.initialPrompt),
    promptStart: 0,
    lastSpeechTimestamp: 0,
    random: seededRandom(options.seed),
    rules: rulesOf(tokenizer, model.files.config, options),
  }
  let id = 0
  for (const [clipStart, clipEnd] of seekPoints(options.clipTimestamps, contentFrames)) {
    const end = Math.min(clipEnd, contentFrames)
    let seek = clipStart
    while (seek < end) {
      signal.throwIfAborted()
      const size = Math.min(mostFrames(options), end - seek)
      const start = seek
      const heard = await hearWindow(speech, progress, { seek: start, size, contentFrames })
      for (const segment of heard.segments) {
        const text = tokenizer.decode(segment.tokens)
        if (segment.start === segment.end || strip(text) === '') continue
        progress.said.push(...segment.tokens)
        yield toSegment(id, segment, text, start, heard.outcome)
        id += 1
      }
      if (!heard.again && forgets(heard.outcome, options)) {
        progress.promptStart = progress.said.length
      }
      // A window that is understood up to its own beginning would come again for ever.
      seek = Math.max(heard.seek, start + 1)
      speech.onFrames(Math.min(seek, contentFrames))
    }
  }
}

/** Where a window lies, in frames. */
interface Place {
  readonly seek: number
  readonly size: number
  readonly contentFrames: number
}

/** Hears a window with little audio in it as it is, when that is allowed and goes well; else as one of 30 s. */
async function hearWindow(speech: Speech, progress: Progress, place: Place): Promise<Heard> {
  const { model, mel, options, signal } = speech
  const { seek, size } = place
  const short = options.shortAudio === 'fast' ? model.framesFor(size) : WINDOW_FRAMES
  if (short < WINDOW_FRAMES) {
    const first = atFirstTemperature(options)
    const frames = await mel.window(seek, size, short, signal)
    const heard = await model.withWindow(frames, short, signal, (window) =>
      hear(window, { ...speech, options: first }, progress, place, (outcome) => {
        const how = { seconds: size * TIME_PER_FRAME, tokenizer: speech.tokenizer }
        return standsAlone(outcome, how, options)
      }),
    )
    if (heard !== null) return heard
  }
  const frames = await mel.window(seek, size, WINDOW_FRAMES, signal)
  const heard = await model.withWindow(frames, WINDOW_FRAMES, signal, (window) =>
    hear(window, speech, progress, place, () => true),
  )
  if (heard === null) throw new RangeError('a whole window is always heard')
  return heard
}

/** Null when what was decoded is not `accepted`. */
async function hear(
  window: Window,
  speech: Speech,
  progress: Progress,
  { seek, size, contentFrames }: Place,
  accepted: (outcome: Outcome) => boolean,
): Promise<Heard | null> {
  const { tokenizer, options, signal } = speech
  const language = options.multilingual
    ? (await likeliestLanguage(window, tokenizer)).language
    : speech.language
  const task = windowTask({
    tokenizer,
    config: speech.model.files.config,
    options,
    rules: progress.rules,
    language,
    previousTokens: progress.said.slice(progress.promptStart),
    isFirst: seek === 0,
    random: progress.random,
    signal,
  })
  const outcome = await generateWithFallback(window, task)
  if (!accepted(outcome)) return null
  if (isSilent(outcome, options)) return { outcome, segments: [], seek: seek + size, again: true }
  const timeOffset = seek * TIME_PER_FRAME
  const segmentDuration = size * TIME_PER_FRAME
  const split = splitSegmentsByTimestamps({
    tokens: outcome.tokens,
    timeOffset,
    segmentSize: size,
    segmentDuration,
    seek,
    timestampBegin: tokenizer.specials.timestampBegin,
  })
  if (!options.wordTimestamps) {
    return { outcome, segments: split.segments, seek: split.seek, again: false }
  }
  const timed = await timeWords(window, split.segments, {
    tokenizer,
    language,
    task: options.task,
    frames: size,
    prependPunctuations: options.prependPunctuations,
    appendPunctuations: options.appendPunctuations,
    lastSpeechTimestamp: progress.lastSpeechTimestamp,
  })
  const next = seekAfterWords(timed, { ...split, timeOffset })
  const threshold = options.hallucinationSilenceThreshold
  const kept =
    threshold === null
      ? { segments: timed, seek: next, again: false }
      : skipHallucinations({
          segments: timed,
          threshold,
          lastSpeechTimestamp: progress.lastSpeechTimestamp,
          previousSeek: seek,
          timeOffset,
          segmentDuration,
          windowEndTime: (seek + mostFrames(options)) * TIME_PER_FRAME,
          contentFrames,
          contentDuration: contentFrames * TIME_PER_FRAME,
          seek: next,
        })
  if (!kept.again) {
    progress.lastSpeechTimestamp = lastWordEnd(kept.segments) ?? progress.lastSpeechTimestamp
  }
  return { outcome, ...kept }
}

/** Frames of audio in a window; the rest of its 30 s is padding. */
function mostFrames({ chunkLength }: ResolvedOptions): number {
  return chunkLength === undefined ? WINDOW_FRAMES : Math.round(chunkLength / TIME_PER_FRAME)
}

function forgets({ temperature }: Outcome, options: ResolvedOptions): boolean {
  return !options.conditionOnPreviousText || temperature > options.promptResetOnTemperature
}

function toSegment(
  id: number,
  segment: Heard['segments'][number],
  text: string,
  seek: number,
  outcome: Outcome,
): Segment {
  const { start, end, tokens, words } = segment
  const { avgLogprob, compressionRatio, noSpeechProb, temperature } = outcome
  return {
    id,
    start,
    end,
    text,
    tokens,
    seek: seek * TIME_PER_FRAME,
    avgLogprob,
    compressionRatio,
    noSpeechProb,
    temperature,
    ...(words === undefined ? {} : { words }),
  }
}
