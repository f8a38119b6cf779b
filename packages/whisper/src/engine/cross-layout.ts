import type { ModelShape } from './cross-attention.js'

/** One of the tensors that the decoder looks at, as it lies in memory: for each window, `rows` × positions × `size` numbers. */
export interface CrossPart {
  /** Of the graphs' output and input. */
  readonly name: string
  readonly rows: number
  readonly size: number
  /** Of the tensor. */
  dims(audios: number, positions: number): number[]
}

/** Keys `[audios, heads, head size, positions]` and values `[audios, heads, positions, head size]` of every layer. */
export function keysAndValues({ decoderLayers, heads, headSize }: ModelShape): CrossPart[] {
  return Array.from({ length: decoderLayers }, (_, layer): CrossPart[] => [
    {
      name: `cross_k_${layer}`,
      rows: heads * headSize,
      size: 1,
      dims: (audios, positions) => [audios, heads, headSize, positions],
    },
    {
      name: `cross_v_${layer}`,
      rows: heads,
      size: headSize,
      dims: (audios, positions) => [audios, heads, positions, headSize],
    },
  ]).flat()
}

/** What the encoder gives, `[audios, positions, width]`, of which the decoder makes keys and values. */
export function hiddenStates({ heads, headSize }: ModelShape): CrossPart[] {
  const size = heads * headSize
  const dims = (audios: number, positions: number): number[] => [audios, positions, size]
  return [{ name: 'hidden', rows: 1, size, dims }]
}

/** Numbers of a window for each of its positions. */
export function crossWidth(layout: readonly CrossPart[]): number {
  return layout.reduce((sum, { rows, size }) => sum + rows * size, 0)
}
