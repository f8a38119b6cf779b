import type { Tokenizer } from '../tokenizer/tokenizer.js'
import type { Outcome } from './generate-with-fallback.js'
import { needsFallback } from './needs-fallback.js'
import type { Thresholds } from './needs-fallback.js'

/** faster-whisper's thresholds, on top of the caller's: they decide whether a window is heard again, not what is told. */
const LEAST_LOGPROB = -1
const MOST_COMPRESSION = 2.4
/** Audio alone looks somewhat more like silence than a whole window; above this it most likely is. */
const MOST_NO_SPEECH = 0.7
/** Speech above it is a loop: people say three to five in a second. */
const MOST_TOKENS_PER_SECOND = 8
/** On top of that, for punctuation and timestamps. */
const TOKENS_ASIDE = 12
/** A timestamp may be so far behind the end of the audio, in seconds. */
const OVERSHOOT = 1
const TIME_PRECISION = 0.02
/** So many tokens said twice in a row are a loop; so few only when said three times. */
const LONG_PHRASE = 4

/**
 * Whether what was heard in audio encoded alone looks right: likely, not silence, with words in it, not repeating itself, no longer than so
 * many seconds hold, and its times within the audio.
 */
export function isSound(
  outcome: Pick<Outcome, 'tokens' | 'avgLogprob' | 'compressionRatio' | 'noSpeechProb'>,
  { seconds, tokenizer }: { seconds: number; tokenizer: Pick<Tokenizer, 'decode' | 'specials'> },
): boolean {
  const { tokens, avgLogprob, compressionRatio, noSpeechProb } = outcome
  if (!(avgLogprob >= LEAST_LOGPROB) || compressionRatio > MOST_COMPRESSION) return false
  if (noSpeechProb > MOST_NO_SPEECH) return false
  if (tokens.length > MOST_TOKENS_PER_SECOND * seconds + TOKENS_ASIDE) return false
  const { eot, timestampBegin } = tokenizer.specials
  const latest = Math.max(...tokens.map((token) => (token - timestampBegin) * TIME_PRECISION))
  if (latest > seconds + OVERSHOOT) return false
  if (!/[\p{L}\p{N}]/u.test(tokenizer.decode(tokens))) return false
  return !repeatsItself(tokens.filter((token) => token < eot))
}

/** Whether audio encoded alone needs no second hearing as a whole window: it looks right, and passes the caller's thresholds. */
export function standsAlone(
  outcome: Outcome,
  heard: Parameters<typeof isSound>[1],
  thresholds: Thresholds,
): boolean {
  return isSound(outcome, heard) && !needsFallback(outcome, thresholds)
}

/** Whether a phrase stands twice in a row, or a short one three times. */
export function repeatsItself(tokens: readonly number[]): boolean {
  for (let length = 1; 2 * length <= tokens.length; length++) {
    const needed = length < LONG_PHRASE ? 2 * length : length
    // So many tokens in a row are what stood `length` before.
    let same = 0
    for (let at = length; at < tokens.length; at++) {
      same = tokens[at] === tokens[at - length] ? same + 1 : 0
      if (same >= needed) return true
    }
  }
  return false
}
