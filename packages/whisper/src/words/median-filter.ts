/**
 * The median of each value and its neighbours along the rows of a matrix; `width` is odd. Beyond its ends a row goes on as its
 * mirror image; a row too short for that stays as it is.
 */
export function medianFilter(matrix: Float32Array, columns: number, width: number): Float32Array {
  const reach = width >> 1
  if (columns <= reach) return matrix.slice()
  const filtered = new Float32Array(matrix.length)
  const window = new Float32Array(width)
  for (let row = 0; row < matrix.length; row += columns) {
    for (let column = 0; column < columns; column++) {
      for (let at = 0; at < width; at++) {
        window[at] = matrix[row + mirror(column + at - reach, columns)] ?? 0
      }
      filtered[row + column] = window.sort()[reach] ?? 0
    }
  }
  return filtered
}

function mirror(at: number, length: number): number {
  if (at < 0) return -at
  return at < length ? at : 2 * (length - 1) - at
}
