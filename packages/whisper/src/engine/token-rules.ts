import type { SpecialIds } from './special-ids.js'

/** What restricts the tokens of one window. */
export interface TokenRules {
  readonly ids: SpecialIds
  /** False when the prompt ends in `<|notimestamps|>`. */
  readonly timestamps: boolean
  /** Latest first timestamp, in steps of 20 ms. */
  readonly maxInitialTimestamp: number
  /** Text is chosen from ids whose entry is 0; the others hold a number that no logit outweighs. */
  readonly textMask: Float32Array
  /** The same for the first token, where a blank or the end is no answer. */
  readonly firstTextMask: Float32Array
  /** By id less `endOfText`: 1 where a special token is never chosen. */
  readonly suppressedSpecials: Uint8Array
  /** Whether the end may come first. */
  readonly emptyAllowed: boolean
}

/** The kinds of token that may come next. */
export interface AllowedTokens {
  readonly text: boolean
  readonly endOfText: boolean
  /** Language tokens and the like. */
  readonly specials: boolean
  /** Half-open range of timestamps, in steps of 20 ms; empty when none may come. */
  readonly timestampFrom: number
  readonly timestampTo: number
  /** Whether only timestamps are left once they are likelier together than any other token. */
  readonly timestampsMayWin: boolean
}

const NEVER = -1e30

/** Rules for the suppressed ids, as `suppress_tokens` and `suppress_blank` of faster-whisper mean them. */
export function createTokenRules(
  ids: SpecialIds,
  options: {
    timestamps: boolean
    maxInitialTimestamp: number
    suppress: readonly number[]
    suppressFirst: readonly number[]
  },
): TokenRules {
  const textMask = new Float32Array(ids.endOfText)
  const suppressedSpecials = new Uint8Array(ids.timestampBegin - ids.endOfText)
  for (const id of options.suppress) {
    if (id >= 0 && id < ids.endOfText) textMask[id] = NEVER
    else if (id >= ids.endOfText && id < ids.timestampBegin)
      suppressedSpecials[id - ids.endOfText] = 1
  }
  if (options.timestamps) suppressedSpecials[ids.noTimestamps - ids.endOfText] = 1
  const firstTextMask = textMask.slice()
  for (const id of options.suppressFirst)
    if (id >= 0 && id < ids.endOfText) firstTextMask[id] = NEVER
  return {
    ids,
    timestamps: options.timestamps,
    maxInitialTimestamp: options.maxInitialTimestamp,
    textMask,
    firstTextMask,
    suppressedSpecials,
    emptyAllowed: !options.suppressFirst.includes(ids.endOfText),
  }
}

/**
 * What may follow the tokens generated so far, with the tokens of a prefix before them.
 *
 * Timestamps come first, in pairs except before the end, and never go back: `ApplyTimestampRules` of OpenAI's decoding.py, as
 * CTranslate2 has it. A prefix counts as what was generated.
 */
export function allowedTokens(
  rules: TokenRules,
  generated: readonly number[],
  prefix: readonly number[] = [],
): AllowedTokens {
  const { timestampBegin, vocabulary } = rules.ids
  const timestampTo = vocabulary - timestampBegin
  if (!rules.timestamps) {
    const endOfText = generated.length > 0 || rules.emptyAllowed
    return allow({ text: true, endOfText, timestampFrom: 0, timestampTo, timestampsMayWin: false })
  }
  const occurred = [...prefix, ...generated]
  const count = occurred.length
  if (count === 0) {
    const last = Math.min(rules.maxInitialTimestamp + 1, timestampTo)
    return {
      ...allow({
        text: false,
        endOfText: false,
        timestampFrom: 0,
        timestampTo: last,
        timestampsMayWin: false,
      }),
      specials: false,
    }
  }
  const isTimestamp = (index: number): boolean => (occurred[index] ?? 0) >= timestampBegin
  const latest = latestTimestamp(occurred, timestampBegin)
  if (!isTimestamp(count - 1)) {
    // The pair is closed later than it was opened.
    const timestampFrom = latest === null ? 0 : latest + 1
    return allow({
      text: true,
      endOfText: true,
      timestampFrom,
      timestampTo,
      timestampsMayWin: true,
    })
  }
  if (count === 1 || isTimestamp(count - 2)) {
    return allow({
      text: true,
      endOfText: true,
      timestampFrom: 0,
      timestampTo: 0,
      timestampsMayWin: false,
    })
  }
  return allow({
    text: false,
    endOfText: true,
    timestampFrom: latest ?? 0,
    timestampTo,
    timestampsMayWin: true,
  })
}

function allow(allowed: Omit<AllowedTokens, 'specials'>): AllowedTokens {
  return { ...allowed, specials: true }
}

function latestTimestamp(generated: readonly number[], timestampBegin: number): number | null {
  const latest = generated.findLast((id) => id >= timestampBegin)
  return latest === undefined ? null : latest - timestampBegin
}
