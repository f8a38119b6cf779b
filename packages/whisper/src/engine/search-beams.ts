import { needsAllLogits, nextCandidates, scoreHypothesis } from './next-candidates.js'
import type { Hypothesis, NextRow, RowScores, Search, SearchTask } from './search.js'

/** A hypothesis that may go on. */
interface Beam {
  readonly generated: readonly number[]
  readonly sum: number
}

/** A token behind a beam. */
interface Continuation {
  readonly source: number
  readonly id: number
  readonly sum: number
}

/**
 * Beam search as CTranslate2 does it (`BeamSearch::search`): twice as many candidates as beams at each step; those among the
 * first half that end are finished, with the next of the others in their place; it ends once `beamSize × patience` have.
 */
export function searchBeams(task: SearchTask): Search {
  const { rules, options, prefix, maxTokens } = task
  const { beamSize, lengthPenalty } = options
  const wanted = Math.round(beamSize * options.patience)
  const finished: Hypothesis[] = []
  let beams: readonly Beam[] = [{ generated: [], sum: 0 }]

  const advance = (scores: RowScores): readonly NextRow[] => {
    const candidates = expand(task, beams, scores)
    const isLast = prefix.length + (beams[0]?.generated.length ?? 0) + 1 >= maxTokens
    const spare = candidates.slice(beamSize)
    const next: Continuation[] = []
    for (const candidate of candidates.slice(0, beamSize)) {
      const ends = candidate.id === rules.ids.endOfText
      if (!ends && !isLast) {
        next.push(candidate)
        continue
      }
      const before = beams[candidate.source]?.generated ?? []
      const tokens = [...prefix, ...before, ...(ends ? [] : [candidate.id])]
      finished.push(scoreHypothesis(tokens, candidate.sum, lengthPenalty))
      const replacement = spare.findIndex(({ id }) => id !== rules.ids.endOfText)
      if (replacement >= 0) next.push(...spare.splice(0, replacement + 1).slice(-1))
    }
    if (isLast || finished.length >= wanted) return []
    const old = beams
    beams = next.map(({ source, id, sum }) => ({
      generated: [...(old[source]?.generated ?? []), id],
      sum,
    }))
    return next.map(({ source, id }, row) => ({
      source,
      token: id,
      shared: commonLength(old[source]?.generated ?? [], old[row]?.generated ?? []),
    }))
  }
  return {
    top: 2 * beamSize,
    allLogits: needsAllLogits(options),
    advance,
    result: () => finished.reduce((best, each) => (each.score > best.score ? each : best)),
  }
}

/** The likeliest continuations of all beams together, falling. */
function expand(
  task: SearchTask,
  beams: readonly Beam[],
  scores: RowScores,
): readonly Continuation[] {
  const count = 2 * task.options.beamSize
  const all = beams.flatMap(({ generated, sum }, row) =>
    nextCandidates(task, scores, row, generated, count).map(({ id, logProb }) => ({
      source: row,
      id,
      sum: sum + logProb,
    })),
  )
  // Stable: of equal ones the earlier beam's comes first.
  return all.sort((a, b) => b.sum - a.sum).slice(0, count)
}

function commonLength(a: readonly number[], b: readonly number[]): number {
  let length = 0
  while (length < a.length && a[length] === b[length]) length += 1
  return length
}
