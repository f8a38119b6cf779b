import type { Tokenizer } from '../tokenizer/tokenizer.js'

/**
 * Tokens that are never chosen, in order: those that were asked for (-1 stands for all signs that are not spoken) and those that
 * steer the model (faster-whisper's `get_suppressed_tokens`). An id that the model does not have is a RangeError.
 */
export function suppressedTokens(
  tokenizer: Tokenizer,
  suppressTokens: readonly number[],
): number[] {
  const { specials, nonSpeechTokens, vocabularySize } = tokenizer
  const beyond = suppressTokens.find((token) => token >= vocabularySize)
  if (beyond !== undefined) {
    const range = `0 to ${vocabularySize - 1}, or -1`
    throw new RangeError(`suppressTokens must be tokens of the model, ${range}, not ${beyond}`)
  }
  const tokens = [
    ...suppressTokens.filter((token) => token >= 0),
    ...(suppressTokens.includes(-1) ? nonSpeechTokens : []),
    specials.transcribe,
    specials.translate,
    specials.sot,
    specials.startOfPrev,
    specials.startOfLm,
    specials.noSpeech,
  ]
  return [...new Set(tokens)].toSorted((a, b) => a - b)
}
