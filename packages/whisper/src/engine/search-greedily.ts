import type { DecoderScores } from './decoder-session.js'
import type { Hypothesis, Search } from './generate.js'
import { needsAllLogits, nextCandidates, scoreHypothesis } from './next-candidates.js'

/** The likeliest token at every step. */
export async function searchGreedily(
  search: Search,
  first: { scores: DecoderScores; index: number },
): Promise<Hypothesis> {
  const { decoder, cross, rules, options, prefix, maxTokens } = search
  const generated: number[] = []
  let { scores, index } = first
  let sum = 0
  while (true) {
    const [best] = nextCandidates(search, scores, 0, index, generated, 1)
    if (best === undefined) break
    sum += best.logProb
    if (best.id === rules.ids.endOfText) break
    generated.push(best.id)
    if (prefix.length + generated.length >= maxTokens) break
    options.signal.throwIfAborted()
    scores = await decoder.run({
      tokens: [[best.id]],
      cross,
      score: [0],
      textMask: rules.textMask,
      top: 1,
      allLogits: needsAllLogits(options),
    })
    index = 0
  }
  return scoreHypothesis([...prefix, ...generated], sum, options.lengthPenalty)
}
