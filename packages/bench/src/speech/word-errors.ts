import { startPython } from '../engines/python.js'

/** Errors among the words of a reference. */
export interface ErrorCount {
  readonly errors: number
  readonly words: number
}

/** A text held against what was really said. */
export interface Pair {
  readonly language: string
  readonly reference: string
  readonly hypothesis: string
}

/** Word errors behind OpenAI's normalisation of texts, one count for each pair. */
export async function wordErrors(pairs: readonly Pair[]): Promise<readonly ErrorCount[]> {
  await using engine = await startPython('whisper', 'peer_whisper.py')
  return engine.call('wordErrors', { pairs })
}

/** Word error rate in per cent. */
export function errorRate(counts: readonly ErrorCount[]): number {
  const sum = (of: (count: ErrorCount) => number): number =>
    counts.reduce((total, count) => total + of(count), 0)
  return (100 * sum(({ errors }) => errors)) / sum(({ words }) => words)
}
