import type { AudioBatch } from '@audiodecode/dataloader'

/** Stretches that a word is cut into; each is described by the means of its frames. */
const STRETCHES = 12

/** Numbers that describe a word of so many coefficients. */
export const inputSize = (rows: number): number => rows * STRETCHES

/** One row of inputs for each item of a batch [batch, rows, frames]: words of any length become equally long. */
export function toInputs({ data, shape, lengths }: AudioBatch<unknown>): Float32Array[] {
  const [, rows = 0, frames = 0] = shape
  return Array.from(lengths, (length, item) => {
    const inputs = new Float32Array(inputSize(rows))
    for (let row = 0; row < rows; row++) {
      const start = (item * rows + row) * frames
      for (let stretch = 0; stretch < STRETCHES; stretch++) {
        const from = Math.floor((stretch * length) / STRETCHES)
        const to = Math.max(from + 1, Math.floor(((stretch + 1) * length) / STRETCHES))
        let sum = 0
        for (let frame = from; frame < to; frame++) sum += data[start + frame] ?? 0
        inputs[row * STRETCHES + stretch] = sum / (to - from)
      }
    }
    return inputs
  })
}
