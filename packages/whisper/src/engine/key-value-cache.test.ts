import { describe, expect, test } from 'vitest'

import { loadBinding } from '../load-binding.js'
import { KeyValueCache } from './key-value-cache.js'

const shape = { tensors: 4, width: 3, capacity: 6 }

/** What layer, kind, token and row say they are, `width` times over. */
const mark = (layer: number, kind: number, token: number, row: number): number[] =>
  [0, 1, 2].map((index) => 10_000 * layer + 1000 * kind + 100 * token + 10 * row + index)

function expected(
  layer: number,
  kind: number,
  tokens: number,
  sources: readonly number[],
): number[] {
  return Array.from({ length: tokens }, (_, token) =>
    sources.map((source) => mark(layer, kind, token, source)),
  ).flat(2)
}

/** Makes room for tokens and writes them. */
function add(
  cache: KeyValueCache,
  tokens: number,
  values: (layer: number, kind: 0 | 1) => ArrayLike<number>,
): void {
  cache.extend(tokens)
  for (let layer = 0; layer < shape.tensors / 2; layer++) {
    for (const kind of [0, 1] as const)
      cache.last(2 * layer + kind, tokens).set(values(layer, kind))
  }
}

describe.each([
  ['in JavaScript', undefined],
  ['by the addon', loadBinding().reorderRows],
] as const)('reordered %s', (_name, reorderRows) => {
  function filled(tokens: number, rows: number): KeyValueCache {
    const cache = new KeyValueCache(shape, reorderRows)
    cache.reset(rows)
    for (let token = 0; token < tokens; token++) {
      add(cache, 1, (layer, kind) =>
        Array.from({ length: rows }, (_, row) => mark(layer, kind, token, row)).flat(),
      )
    }
    return cache
  }

  test('what was added comes back in the order of time, each token with all its rows', () => {
    const cache = filled(3, 2)
    expect([...cache.past(3)]).toEqual(expected(1, 1, 3, [0, 1]))
    expect([...cache.past(0)]).toEqual(expected(0, 0, 3, [0, 1]))
  })

  test('several tokens are added at once as they are one by one', () => {
    const cache = new KeyValueCache(shape, reorderRows)
    cache.reset(2)
    const all = filled(4, 2)
    add(cache, 4, (layer, kind) => all.past(2 * layer + kind).slice())
    expect([...cache.past(2)]).toEqual([...all.past(2)])
  })

  test.each([
    [1, [0, 0, 0]],
    [3, [2, 0, 2]],
    [3, [1]],
    [4, [3, 1]],
    [2, [1, 0, 1, 1]],
    [3, [0, 1, 2]],
  ])('rows are reordered, from %i rows to those of %j', (rows, sources) => {
    const cache = filled(5, rows)
    cache.reorder(sources)
    expect(cache.rows).toBe(sources.length)
    for (const layer of [0, 1]) {
      for (const kind of [0, 1] as const) {
        expect([...cache.past(2 * layer + kind)]).toEqual(expected(layer, kind, 5, sources))
      }
    }
    add(cache, 1, (layer, kind) => sources.flatMap((_, row) => mark(layer, kind, 5, row)))
    const added = sources.flatMap((_, row) => mark(1, 1, 5, row))
    expect([...cache.past(3)]).toEqual([...expected(1, 1, 5, sources), ...added])
  })

  test('a prompt that all rows share stays where it is', () => {
    const cache = filled(4, 2)
    cache.reorder([1, 1], () => 2)
    expect([...cache.past(1)]).toEqual([
      ...expected(0, 1, 2, [0, 1]),
      ...expected(0, 1, 4, [1, 1]).slice(12),
    ])
  })

  test('more tokens than fit are refused', () => {
    const cache = filled(6, 1)
    expect(() => cache.extend(1)).toThrow(RangeError)
    expect(cache.length).toBe(6)
  })

  test('a row of another cache is put at the end of one', () => {
    const cache = filled(5, 3)
    const other = new KeyValueCache(shape, reorderRows)
    other.reset(2)
    add(other, 2, (layer, kind) =>
      filled(2, 2)
        .past(2 * layer + kind)
        .map((value) => -value),
    )
    cache.copyRow(1, other, 1)
    const values = [...cache.past(2)]
    const rows = [0, 1, 2, 3, 4].map((token) => values.slice(9 * token + 3, 9 * token + 6))
    expect(rows).toEqual([
      mark(1, 0, 0, 1),
      mark(1, 0, 1, 1),
      mark(1, 0, 2, 1),
      mark(1, 0, 0, 1).map((value) => -value),
      mark(1, 0, 1, 1).map((value) => -value),
    ])
    expect(values.slice(0, 3)).toEqual(mark(1, 0, 0, 0))
    expect(() => other.copyRow(0, cache, 0)).toThrow('5 tokens')
  })

  test('the first tokens are forgotten, and room is made before them', () => {
    const cache = filled(5, 2)
    cache.shift(2)
    expect(cache.length).toBe(3)
    expect([...cache.past(3)]).toEqual(expected(1, 1, 5, [0, 1]).slice(12))
    cache.shift(-3)
    expect(cache.length).toBe(6)
    expect([...cache.past(3)].slice(18)).toEqual(expected(1, 1, 5, [0, 1]).slice(12))
    expect(() => cache.shift(-1)).toThrow(RangeError)
    expect(() => cache.shift(7)).toThrow(RangeError)
  })

  test('a row goes on from its source where they begin to differ', () => {
    const cache = filled(4, 3)
    cache.reorder([1, 0, 2], (row) => [1, 3, 0][row] ?? 0)
    const values = [...cache.past(1)]
    const row = (index: number): number[][] =>
      [0, 1, 2, 3].map((token) => values.slice(9 * token + 3 * index, 9 * token + 3 * index + 3))
    expect(row(0)).toEqual([0, 1, 1, 1].map((source, token) => mark(0, 1, token, source)))
    expect(row(1)).toEqual([1, 1, 1, 0].map((source, token) => mark(0, 1, token, source)))
    expect(row(2)).toEqual([0, 1, 2, 3].map((token) => mark(0, 1, token, 2)))
  })
})
