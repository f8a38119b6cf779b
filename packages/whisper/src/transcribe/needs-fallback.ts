/** How good what was decoded is. */
export interface Quality {
  readonly avgLogprob: number
  readonly compressionRatio: number
  readonly noSpeechProb: number
  readonly temperature: number
}

/** What decides; null switches a check off. */
export interface Thresholds {
  readonly compressionRatioThreshold: number | null
  readonly logProbThreshold: number | null
  readonly noSpeechThreshold: number | null
}

/** Whether a window is to be decoded again at the next temperature: too repetitive or too unlikely, unless it is silent. */
export function needsFallback(quality: Quality, thresholds: Thresholds): boolean {
  const isUnlikely = isBelow(quality.avgLogprob, thresholds.logProbThreshold)
  if (isUnlikely && isAbove(quality.noSpeechProb, thresholds.noSpeechThreshold)) return false
  return isUnlikely || isAbove(quality.compressionRatio, thresholds.compressionRatioThreshold)
}

/**
 * What stays when every temperature failed: the likeliest of those that are not too repetitive, or of all when all are. Its
 * temperature is told as the last one, at which the text before is forgotten.
 */
export function chooseExhausted<T extends Quality>(
  outcomes: readonly T[],
  { compressionRatioThreshold }: Pick<Thresholds, 'compressionRatioThreshold'>,
): T {
  const varied = outcomes.filter(
    ({ compressionRatio }) =>
      compressionRatioThreshold !== null && compressionRatio <= compressionRatioThreshold,
  )
  const among = varied.length > 0 ? varied : outcomes
  const best = among.reduce((most, outcome) =>
    outcome.avgLogprob > most.avgLogprob ? outcome : most,
  )
  return { ...best, temperature: outcomes.at(-1)?.temperature ?? best.temperature }
}

/** Whether nothing is said in a window, so that its text is dropped. */
export function isSilent(quality: Quality, thresholds: Thresholds): boolean {
  if (isAbove(quality.avgLogprob, thresholds.logProbThreshold)) return false
  return isAbove(quality.noSpeechProb, thresholds.noSpeechThreshold)
}

function isAbove(value: number, threshold: number | null): boolean {
  return threshold !== null && value > threshold
}

function isBelow(value: number, threshold: number | null): boolean {
  return threshold !== null && value < threshold
}
