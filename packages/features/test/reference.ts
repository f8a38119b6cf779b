import { readFileSync } from 'node:fs'

import type { Samples } from '@audiodecode/core'

const folder = new URL('reference/', import.meta.url)

/** The signals of `make_signals.py`, each channel by itself. */
export function signal(name: 'speech' | 'music'): readonly Samples[] {
  const [channels, sampleRate] = name === 'speech' ? [1, 16_000] : [2, 22_050]
  const bytes = readFileSync(new URL(`${name}.s16`, folder))
  const all = Float32Array.from(
    { length: bytes.length / 2 },
    (_, at) => bytes.readInt16LE(2 * at) / 32_768,
  )
  const frames = all.length / channels
  return Array.from({ length: channels }, (_, channel) => ({
    samples: all.slice(channel * frames, (channel + 1) * frames),
    sampleRate,
  }))
}

/** What a reference is kept of. */
export interface Kept {
  readonly shape: readonly [number, number]
  readonly keepRows: number
  readonly keepColumns: number
  readonly at: number
}

/** The cases and values of `reference_file.py`. */
export function references<Case>(name: string): {
  cases: readonly (Case & Kept)[]
  values: Float32Array
} {
  const bytes = readFileSync(new URL(`${name}.f32`, folder))
  const cases = JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')) as (Case & Kept)[]
  return { cases, values: new Float32Array(new Uint8Array(bytes).buffer) }
}

/** Calls back with each value that was kept of a matrix, and ours in its place. Says how many there were. */
export function compare(
  matrix: Float32Array,
  { shape, keepRows, keepColumns, at }: Kept,
  values: Float32Array,
  look: (ours: number, theirs: number) => void,
): number {
  let next = at
  for (let row = 0; row < shape[0]; row += keepRows) {
    for (let column = 0; column < shape[1]; column += keepColumns) {
      look(matrix[row * shape[1] + column]!, values[next]!)
      next++
    }
  }
  return next - at
}
