import fc from 'fast-check'
import { expect, test } from 'vitest'

import { dtw } from './dtw.js'

const matrix = fc
  .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 }))
  .chain(([rows, columns]) =>
    fc.record({
      rows: fc.constant(rows),
      columns: fc.constant(columns),
      costs: fc.array(fc.integer({ min: -5, max: 5 }), {
        minLength: rows * columns,
        maxLength: rows * columns,
      }),
    }),
  )

test('the way goes from the first cell to the last, one step at a time', () => {
  fc.assert(
    fc.property(matrix, ({ rows, columns, costs }) => {
      const path = dtw(Float32Array.from(costs), rows, columns)
      expect([path.rows[0], path.columns[0]]).toEqual([0, 0])
      expect([path.rows.at(-1), path.columns.at(-1)]).toEqual([rows - 1, columns - 1])
      for (let at = 1; at < path.rows.length; at++) {
        const down = (path.rows[at] ?? 0) - (path.rows[at - 1] ?? 0)
        const right = (path.columns[at] ?? 0) - (path.columns[at - 1] ?? 0)
        expect(['0,1', '1,0', '1,1']).toContain(`${down},${right}`)
      }
    }),
  )
})

test('no way is cheaper where no two are equal', () => {
  fc.assert(
    fc.property(matrix, ({ rows, columns, costs: whole }) => {
      const costs = whole.map((cost, at) => cost + Math.sin(7.3 * at + cost) / 7)
      const cheapest = (row: number, column: number): number => {
        const cost = costs[row * columns + column] ?? Infinity
        if (row === 0 && column === 0) return cost
        const before: number[] = []
        if (row > 0) before.push(table(row - 1, column))
        if (column > 0) before.push(table(row, column - 1))
        if (row > 0 && column > 0) before.push(table(row - 1, column - 1))
        return cost + Math.min(...before)
      }
      const known = new Map<number, number>()
      const table = (row: number, column: number): number => {
        const key = row * columns + column
        const value = known.get(key) ?? cheapest(row, column)
        known.set(key, value)
        return value
      }
      const path = dtw(Float32Array.from(costs), rows, columns)
      const sum = [...path.rows].reduce(
        (total, row, at) => total + (costs[row * columns + (path.columns[at] ?? 0)] ?? 0),
        0,
      )
      expect(sum).toBeCloseTo(table(rows - 1, columns - 1), 4)
    }),
  )
})

test('an empty matrix has no way', () => {
  expect(dtw(new Float32Array(), 0, 5).rows).toHaveLength(0)
  expect(dtw(new Float32Array(), 5, 0).rows).toHaveLength(0)
})
