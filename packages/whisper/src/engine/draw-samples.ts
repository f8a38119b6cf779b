import type { DecoderScores } from './decoder-session.js'
import type { Hypothesis, Search } from './generate.js'
import { scoreHypothesis } from './next-candidates.js'
import { scoreLogits } from './score-logits.js'
import { allowedTokens } from './token-rules.js'

/** A sample in the making. */
interface Sample {
  readonly generated: number[]
  sum: number
  done: boolean
}

/** Draws `bestOf` samples side by side at a temperature and gives the one with the highest score. */
export async function drawSamples(
  search: Search,
  first: { scores: DecoderScores; index: number },
): Promise<Hypothesis> {
  const { decoder, cross, rules, options, prefix, maxTokens } = search
  const samples: Sample[] = Array.from({ length: options.bestOf }, () => ({
    generated: [],
    sum: 0,
    done: false,
  }))
  let alive = samples
  let { scores, index } = first
  for (let step = 0; ; step++) {
    for (const [row, sample] of alive.entries()) {
      // The first token of all of them is drawn from the one row of the prompt.
      const logits = scores.logits(step === 0 ? 0 : row, index)
      const allowed = allowedTokens(rules, sample.generated, prefix)
      const logProbs = scoreLogits(rules, allowed, logits, sample.generated, options, [
        ...prefix,
        ...sample.generated,
      ])
      const id = draw(logProbs, options.temperature, options.random())
      sample.sum += logProbs[id] ?? 0
      if (id === rules.ids.endOfText) sample.done = true
      else sample.generated.push(id)
      if (prefix.length + sample.generated.length >= maxTokens) sample.done = true
    }
    const sources = alive.flatMap(({ done }, row) => (done ? [] : [step === 0 ? 0 : row]))
    alive = alive.filter(({ done }) => !done)
    if (alive.length === 0) break
    options.signal.throwIfAborted()
    decoder.cache.reorder(sources)
    scores = await decoder.run({
      tokens: alive.map(({ generated }) => generated.slice(-1)),
      cross,
      score: [0],
      textMask: rules.textMask,
      top: 1,
      allLogits: true,
    })
    index = 0
  }
  const hypotheses = samples.map(({ generated, sum }) =>
    scoreHypothesis([...prefix, ...generated], sum, options.lengthPenalty),
  )
  return hypotheses.reduce((best, each) => (each.score > best.score ? each : best))
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
