import { strip } from '../python/text.js'
import type { Tokenizer } from '../tokenizer/tokenizer.js'

/** Tokens that stand before the first window. An id that the model does not have is a RangeError. */
export function initialPromptTokens(
  tokenizer: Tokenizer,
  given: string | readonly number[] | undefined,
): number[] {
  if (given === undefined) return []
  if (typeof given === 'string') return tokenizer.encode(` ${strip(given)}`)
  const beyond = given.find((token) => token >= tokenizer.vocabularySize)
  if (beyond === undefined) return [...given]
  const last = tokenizer.vocabularySize - 1
  throw new RangeError(
    `initialPrompt must be text or tokens of the model, 0 to ${last}, not ${beyond}`,
  )
}
