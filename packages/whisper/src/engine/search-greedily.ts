import { needsAllLogits, nextCandidates, scoreHypothesis } from './next-candidates.js'
import type { Hypothesis, NextRow, RowScores, Search, SearchTask } from './search.js'

/** Takes the likeliest token at every step. */
export function searchGreedily(task: SearchTask): Search {
  const { rules, options, prefix, maxTokens } = task
  const generated: number[] = []
  let sum = 0
  return {
    top: 1,
    allLogits: needsAllLogits(options),
    advance(scores: RowScores): readonly NextRow[] {
      const [best] = nextCandidates(task, scores, 0, generated, 1)
      if (best === undefined) return []
      sum += best.logProb
      if (best.id === rules.ids.endOfText) return []
      generated.push(best.id)
      if (prefix.length + generated.length >= maxTokens) return []
      return [{ source: 0, token: best.id, shared: generated.length }]
    },
    result: (): Hypothesis =>
      scoreHypothesis([...prefix, ...generated], sum, options.lengthPenalty),
  }
}
