/** Weights of a linear layer: `rows` outputs of `columns` inputs each. */
export interface Matrix {
  readonly rows: number
  readonly columns: number
  readonly data: Float32Array
}

const TILE = 32

/** The matrix with rows and columns exchanged, as MatMul wants its second operand. */
export function transpose(
  source: Float32Array,
  rows: number,
  columns: number,
  target: Float32Array,
): Float32Array {
  // In tiles, so that both matrices are walked within the cache.
  for (let top = 0; top < rows; top += TILE) {
    const bottom = Math.min(top + TILE, rows)
    for (let left = 0; left < columns; left += TILE) {
      const right = Math.min(left + TILE, columns)
      for (let row = top; row < bottom; row++) {
        for (let column = left; column < right; column++) {
          target[column * rows + row] = source[row * columns + column]!
        }
      }
    }
  }
  return target
}

function largest(data: Float32Array, start: number, end: number): number {
  let most = 0
  for (let index = start; index < end; index++) {
    const size = Math.abs(data[index]!)
    if (size > most) most = size
  }
  return most
}

/** To the nearest whole number, ties to even, as hardware and CTranslate2 round. Right for |value| < 2^22. */
function nearest(value: number): number {
  // Adding 1.5 × 2^52 leaves no room for a fraction.
  return value + 6_755_399_441_055_744 - 6_755_399_441_055_744
}

/** One scale for each `block` values of a row, values as 128 ± 127. `columns` must be a multiple of `block`. */
export function quantiseBlocks(
  { rows, columns, data }: Matrix,
  block: number,
): { values: Uint8Array<ArrayBuffer>; scales: Float32Array<ArrayBuffer> } {
  const values = new Uint8Array(rows * columns)
  const scales = new Float32Array((rows * columns) / block)
  for (let index = 0; index < scales.length; index++) {
    const start = index * block
    const end = start + block
    const scale = Math.fround(largest(data, start, end) / 127) || 1
    scales[index] = scale
    for (let at = start; at < end; at++) values[at] = 128 + nearest(data[at]! / scale)
  }
  return { values, scales }
}
