import type { DecoderScores } from './decoder-session.js'
import type { Hypothesis, Search } from './generate.js'
import { needsAllLogits, nextCandidates, scoreHypothesis } from './next-candidates.js'

/** A hypothesis that may go on. */
interface Beam {
  readonly generated: readonly number[]
  readonly sum: number
  /** Row of the step before that it goes on from. */
  readonly source: number
}

/**
 * Beam search as CTranslate2 does it (`BeamSearch::search`): twice as many candidates as beams at each step; those among the
 * first half that end are finished, with the next of the others in their place; it ends once `beamSize × patience` have.
 */
export async function searchBeams(
  search: Search,
  first: { scores: DecoderScores; index: number },
): Promise<Hypothesis> {
  const { decoder, cross, rules, options, prefix, maxTokens } = search
  const { beamSize, lengthPenalty } = options
  const wanted = Math.round(beamSize * options.patience)
  const finished: Hypothesis[] = []
  let beams: readonly Beam[] = [{ generated: [], sum: 0, source: 0 }]
  let { scores, index } = first
  const shared = decoder.cache.length
  for (let length = prefix.length + 1; ; length++) {
    const candidates = expand(search, beams, scores, index)
    const isLast = length >= maxTokens
    const spare = candidates.slice(beamSize)
    const next: Beam[] = []
    for (const candidate of candidates.slice(0, beamSize)) {
      if (!candidate.ends && !isLast) {
        next.push(candidate)
        continue
      }
      const tokens = candidate.ends ? candidate.generated.slice(0, -1) : candidate.generated
      finished.push(scoreHypothesis([...prefix, ...tokens], candidate.sum, lengthPenalty))
      const replacement = spare.findIndex(({ ends }) => !ends)
      if (replacement >= 0) next.push(...spare.splice(0, replacement + 1).slice(-1))
    }
    if (isLast || finished.length >= wanted || next.length === 0) break
    options.signal.throwIfAborted()
    decoder.cache.reorder(
      next.map(({ source }) => source),
      shared,
    )
    beams = next.map((beam, row) => ({ ...beam, source: row }))
    scores = await decoder.run({
      tokens: beams.map(({ generated }) => generated.slice(-1)),
      cross,
      score: [0],
      textMask: rules.textMask,
      top: 2 * beamSize,
      allLogits: needsAllLogits(options),
    })
    index = 0
  }
  return finished.reduce((best, each) => (each.score > best.score ? each : best))
}

/** The likeliest continuations of all beams together, falling. */
function expand(
  search: Search,
  beams: readonly Beam[],
  scores: DecoderScores,
  index: number,
): readonly (Beam & { readonly ends: boolean })[] {
  const count = 2 * search.options.beamSize
  const end = search.rules.ids.endOfText
  const all = beams.flatMap(({ generated, sum, source }, row) =>
    nextCandidates(search, scores, row, index, generated, count).map(({ id, logProb }) => ({
      generated: [...generated, id],
      sum: sum + logProb,
      source,
      ends: id === end,
    })),
  )
  // Stable: of equal ones the earlier beam's comes first.
  return all.sort((a, b) => b.sum - a.sum).slice(0, count)
}
