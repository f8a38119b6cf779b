import { detectLanguage } from '../transcribe/detect-language.js'
import type { DetectedLanguage } from '../transcribe/detect-language.js'
import type { MelWindows } from '../transcribe/mel.js'
import type { ResolvedOptions } from '../transcribe/options.js'
import type { JobContext } from './run-job.js'

/** The language that was given, or that is heard in the beginning. */
export async function spokenLanguage(
  mel: () => Promise<MelWindows>,
  options: ResolvedOptions,
  {
    model,
    tokenizer,
    signal,
    chunkLength,
  }: Pick<JobContext, 'model' | 'tokenizer' | 'signal'> & {
    chunkLength: number
  },
): Promise<DetectedLanguage> {
  const { language } = options
  if (language !== undefined || !tokenizer.multilingual) {
    const spoken = tokenizer.multilingual ? (language ?? 'en') : 'en'
    return { language: spoken, probability: 1, all: { [spoken]: 1 } }
  }
  return detectLanguage(model, tokenizer, await mel(), {
    threshold: options.languageDetectionThreshold,
    segments: options.languageDetectionSegments,
    chunkLength,
    shortAudio: options.shortAudio,
    signal,
  })
}
