import { languageNames } from './languages.js'

/** Ids of the tokens that steer the model. */
export interface SpecialTokens {
  /** End of the text; all lower ids are text. */
  readonly eot: number
  /** Start of the transcript. */
  readonly sot: number
  /** Language codes with their tokens, in the order of the ids. */
  readonly languages: ReadonlyMap<string, number>
  /** The task of giving English text. */
  readonly translate: number
  /** The task of giving text in the language spoken. */
  readonly transcribe: number
  /** Not used by any task. */
  readonly startOfLm: number
  /** Text that was said before stands after it. */
  readonly startOfPrev: number
  /** Its probability is that of silence. */
  readonly noSpeech: number
  /** Text only follows. */
  readonly noTimestamps: number
  /** 0.00 seconds; the 1,500 ids after it count on by 0.02 s. */
  readonly timestampBegin: number
}

/** The `.en` models have the code of ISO 639 before 1989. */
const OLD_CODES: ReadonlyMap<string, string> = new Map([['he', 'iw']])

/** Timestamps from 0.00 to 30.00 seconds. */
export const timestampCount = 1501

/** Finds the special tokens; throws an Error that names the one that is missing. */
export function findSpecialTokens(ids: ReadonlyMap<string, number>): SpecialTokens {
  const find = (...names: readonly string[]): number => {
    for (const name of names) {
      const id = ids.get(`<|${name}|>`)
      if (id !== undefined) return id
    }
    throw new Error(`it has no token <|${names[0] ?? ''}|>`)
  }
  const noTimestamps = find('notimestamps')
  return {
    eot: find('endoftext'),
    sot: find('startoftranscript'),
    languages: findLanguages(ids),
    translate: find('translate'),
    transcribe: find('transcribe'),
    startOfLm: find('startoflm'),
    startOfPrev: find('startofprev'),
    noSpeech: find('nospeech', 'nocaptions'),
    noTimestamps,
    timestampBegin: noTimestamps + 1,
  }
}

function findLanguages(ids: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const languages = new Map<string, number>()
  for (const code of languageNames.keys()) {
    const id = ids.get(`<|${code}|>`) ?? ids.get(`<|${OLD_CODES.get(code) ?? code}|>`)
    if (id !== undefined) languages.set(code, id)
  }
  return new Map([...languages].toSorted(([, a], [, b]) => a - b))
}
