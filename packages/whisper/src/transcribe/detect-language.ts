import type { SpeechModel, Window } from '../engine/speech-model.js'
import { WINDOW_FRAMES } from '../engine/speech-model.js'
import type { Tokenizer } from '../tokenizer/tokenizer.js'
import type { MelWindows } from './mel.js'

/** What language is spoken. */
export interface DetectedLanguage {
  readonly language: string
  /** 0 to 1. */
  readonly probability: number
  /** Of every language the model knows, in the window that was looked at last. */
  readonly all: Readonly<Record<string, number>>
}

/**
 * Looks at one window of `chunkLength` seconds after the other, `segments` at most, until a language is likelier than `threshold`; else the one that was
 * likeliest most often (faster-whisper's `detect_language`).
 */
export async function detectLanguage(
  model: SpeechModel,
  tokenizer: Tokenizer,
  mel: MelWindows,
  options: {
    threshold: number
    segments: number
    chunkLength: number
    shortAudio: 'fast' | 'exact'
    signal: AbortSignal
  },
): Promise<DetectedLanguage> {
  if (!tokenizer.multilingual) return { language: 'en', probability: 1, all: { en: 1 } }
  const votes = new Map<string, number[]>()
  let all: Readonly<Record<string, number>> = {}
  const most = 100 * options.chunkLength
  const end = Math.min(mel.frames, options.segments * most)
  for (let start = 0; start < end; start += most) {
    const count = Math.min(most, end - start)
    const frames = options.shortAudio === 'fast' ? model.framesFor(count) : WINDOW_FRAMES
    const window = await mel.window(start, count, frames, options.signal)
    const found = await model.withWindow(window, frames, options.signal, (encoded) =>
      likeliestLanguage(encoded, tokenizer),
    )
    ;({ all } = found)
    if (found.probability > options.threshold) return found
    votes.set(found.language, [...(votes.get(found.language) ?? []), found.probability])
  }
  const [language, probabilities] = [...votes].reduce((most, vote) =>
    vote[1].length > most[1].length ? vote : most,
  )
  return { language, probability: Math.max(...probabilities), all }
}

/** The likeliest language of a window that is encoded. */
export async function likeliestLanguage(
  window: Window,
  tokenizer: Tokenizer,
): Promise<DetectedLanguage> {
  const { languages, sot } = tokenizer.specials
  const codes = [...languages.keys()]
  const probabilities = await window.languageProbs(sot, [...languages.values()])
  const probability = Math.max(...probabilities)
  const language = codes[probabilities.indexOf(probability)] ?? 'en'
  const all = Object.fromEntries(codes.map((code, index) => [code, probabilities[index] ?? 0]))
  return { language, probability, all }
}
