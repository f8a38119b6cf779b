import { scoreHypothesis } from './next-candidates.js'
import { scoreLogits } from './score-logits.js'
import type { NextRow, RowScores, Search, SearchTask } from './search.js'
import { allowedTokens } from './token-rules.js'

/** A sample in the making. */
interface Sample {
  readonly generated: number[]
  sum: number
  done: boolean
}

/** Draws `bestOf` samples side by side at a temperature and gives the one with the highest score. */
export function drawSamples(task: SearchTask): Search {
  const { rules, options, prefix, maxTokens } = task
  const samples: Sample[] = Array.from({ length: options.bestOf }, () => ({
    generated: [],
    sum: 0,
    done: false,
  }))
  let alive = samples
  let isFirst = true
  const step = (sample: Sample, logits: Float32Array): void => {
    const { generated } = sample
    const occurred = [...prefix, ...generated]
    const allowed = allowedTokens(rules, generated, prefix)
    const logProbs = scoreLogits(rules, allowed, logits, generated, options, occurred)
    const id = draw(logProbs, options.temperature, options.random())
    sample.sum += logProbs[id] ?? 0
    if (id === rules.ids.endOfText) sample.done = true
    else generated.push(id)
    if (prefix.length + generated.length >= maxTokens) sample.done = true
  }
  return {
    top: 1,
    allLogits: true,
    advance(scores: RowScores): readonly NextRow[] {
      // The first token of all of them is drawn from the one row of the prompt.
      const sourceOf = (row: number): number => (isFirst ? 0 : row)
      for (const [row, sample] of alive.entries()) step(sample, scores.logits(sourceOf(row)))
      const rows = alive.flatMap(({ done, generated }, row) =>
        done ? [] : [{ source: sourceOf(row), token: generated.at(-1) ?? 0, shared: 0 }],
      )
      alive = alive.filter(({ done }) => !done)
      isFirst = false
      return rows
    },
    result: () =>
      samples
        .map(({ generated, sum }) =>
          scoreHypothesis([...prefix, ...generated], sum, options.lengthPenalty),
        )
        .reduce((best, each) => (each.score > best.score ? each : best)),
  }
}

/** The id at which the cumulated probabilities, tempered, pass `uniform`. */
export function draw(logProbs: Float32Array, temperature: number, uniform: number): number {
  let most = -Infinity
  for (const logProb of logProbs) most = Math.max(most, logProb)
  let total = 0
  for (const logProb of logProbs) total += Math.exp((logProb - most) / temperature)
  let rest = uniform * total
  let last = 0
  for (const [id, logProb] of logProbs.entries()) {
    if (logProb === -Infinity) continue
    last = id
    rest -= Math.exp((logProb - most) / temperature)
    if (rest < 0) break
  }
  return last
}
