import { strip } from '../python/text.js'
import type { Tokenizer } from '../tokenizer/tokenizer.js'

/** What a window is to be told before it is transcribed. */
export interface PromptRequest {
  readonly tokenizer: Tokenizer
  readonly language: string
  readonly task: 'transcribe' | 'translate'
  /** Of the windows before; the last ones are taken. */
  readonly previousTokens: readonly number[]
  readonly withoutTimestamps: boolean
  /** What the transcript is to begin with. */
  readonly prefix?: string | undefined
  readonly hotwords?: string | undefined
  /** Tokens that the model's context holds. */
  readonly maxLength?: number
}

/** A prompt in two parts, as the model reads it in one go but times begin after the first. */
export interface Prompt {
  /** What was said before, language, task. */
  readonly prompt: number[]
  /** First tokens of the transcript itself, already decided. */
  readonly prefix: number[]
}

/** Builds a prompt as faster-whisper's `get_prompt` does; each part that is given has less than half of the context. */
export function buildPrompt(request: PromptRequest): Prompt {
  const { tokenizer, previousTokens, withoutTimestamps, maxLength = 448 } = request
  const { specials } = tokenizer
  const most = Math.floor(maxLength / 2) - 1
  const encode = (text: string): number[] => tokenizer.encode(` ${strip(text)}`).slice(0, most)
  const hasPrefix = isGiven(request.prefix)
  const hotwords = isGiven(request.hotwords) && !hasPrefix ? encode(request.hotwords) : []
  const hasContext = previousTokens.length > 0 || (isGiven(request.hotwords) && !hasPrefix)
  const prompt = [
    ...(hasContext ? [specials.startOfPrev] : []),
    ...hotwords,
    ...previousTokens.slice(-most),
    ...tokenizer.sotSequence(request.language, request.task),
    ...(withoutTimestamps ? [specials.noTimestamps] : []),
  ]
  const prefix = hasPrefix
    ? [...(withoutTimestamps ? [] : [specials.timestampBegin]), ...encode(request.prefix)]
    : []
  return { prompt, prefix }
}

function isGiven(text: string | undefined): text is string {
  return text !== undefined && text !== ''
}
