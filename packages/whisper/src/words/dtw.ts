/** A way through a matrix: which row and which column each step is at. */
export interface WarpingPath {
  readonly rows: Int32Array
  readonly columns: Int32Array
}

const DIAGONAL = 0
const UP = 1
const LEFT = 2

/**
 * Dynamic time warping: the cheapest way from the first to the last cell of a matrix of costs, one step down, right or both at a
 * time. Sums are 32-bit, and where the diagonal and the way from above are equal the one from the left is taken, though it be
 * dearer: so do OpenAI's and CTranslate2's.
 */
export function dtw(costs: Float32Array, rows: number, columns: number): WarpingPath {
  const trace = new Uint8Array(rows * columns)
  // Of the column before; place 0 stands for the border above the first row.
  let before = new Float32Array(rows + 1).fill(Infinity)
  before[0] = 0
  for (let column = 0; column < columns; column++) {
    const sums = new Float32Array(rows + 1).fill(Infinity)
    for (let row = 0; row < rows; row++) {
      const diagonal = before[row] ?? Infinity
      const up = sums[row] ?? Infinity
      const left = before[row + 1] ?? Infinity
      let best = left
      let step = LEFT
      if (diagonal < up && diagonal < left) {
        best = diagonal
        step = DIAGONAL
      } else if (up < diagonal && up < left) {
        best = up
        step = UP
      }
      const at = row * columns + column
      sums[row + 1] = (costs[at] ?? 0) + best
      trace[at] = step
    }
    before = sums
  }
  return follow(trace, rows, columns)
}

function follow(trace: Uint8Array, rows: number, columns: number): WarpingPath {
  const pathRows: number[] = []
  const pathColumns: number[] = []
  let row = rows - 1
  let column = columns - 1
  while (row >= 0 && column >= 0) {
    pathRows.push(row)
    pathColumns.push(column)
    // Along the borders there is one way only.
    const step = row === 0 ? LEFT : column === 0 ? UP : trace[row * columns + column]
    if (step !== LEFT) row -= 1
    if (step !== UP) column -= 1
  }
  return {
    rows: Int32Array.from(pathRows.toReversed()),
    columns: Int32Array.from(pathColumns.toReversed()),
  }
}
