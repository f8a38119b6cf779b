/**
 * The median of each value and its neighbours along the rows of a matrix; `width` is odd. Beyond its ends a row goes on as its
 * mirror image; a row too short for that stays as it is.
 */
export function medianFilter(matrix: Float32Array, columns: number, width: number): Float32Array {
  const reach = width >> 1
  if (columns <= reach) return matrix.slice()
  const filtered = new Float32Array(matrix.length)
  const line = new Float32Array(columns + 2 * reach)
  for (let row = 0; row < matrix.length; row += columns) {
    for (let at = 0; at < line.length; at++) {
      line[at] = matrix[row + mirror(at - reach, columns)] ?? 0
    }
    // Sorted, with one value out and one in from column to column.
    const window = line.slice(0, width).sort()
    filtered[row] = window[reach] ?? 0
    for (let column = 1; column < columns; column++) {
      exchange(window, line[column - 1] ?? 0, line[column + width - 1] ?? 0)
      filtered[row + column] = window[reach] ?? 0
    }
  }
  return filtered
}

/** Puts a value into a sorted list in exchange for one that is in it. */
function exchange(sorted: Float32Array, out: number, value: number): void {
  let at = 0
  while (at < sorted.length - 1 && sorted[at] !== out) at += 1
  for (; at > 0 && (sorted[at - 1] ?? 0) > value; at--) sorted[at] = sorted[at - 1] ?? 0
  for (; at < sorted.length - 1 && (sorted[at + 1] ?? 0) < value; at++) {
    sorted[at] = sorted[at + 1] ?? 0
  }
  sorted[at] = value
}

function mirror(at: number, length: number): number {
  if (at < 0) return -at
  return at < length ? at : 2 * (length - 1) - at
}
