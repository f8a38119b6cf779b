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

/** One of the tensors that hold the tokens so far. */
export interface PastPart {
  /** Of the graph's input and of its output, which is what a step adds. */
  readonly past: string
  readonly added: string
  /** Of the tensor. */
  dims(tokens: number, rows: number): number[]
}

/** The tensors of a model's graphs. */
export interface GraphLayout {
  readonly cross: readonly CrossPart[]
  readonly past: readonly PastPart[]
  /** Numbers of a token in each tensor of `past`. */
  readonly pastWidth: number
}

/**
 * Of `buildEncoder` and `buildDecoder`: for every layer keys `[audios, heads, head size, positions]` and values `[audios, heads, positions,
 * head size]` of the audio, keys and values `[tokens, rows, heads, head size]` of the tokens.
 */
export function layout({ decoderLayers, heads, headSize }: ModelShape): GraphLayout {
  const layers = Array.from({ length: decoderLayers }, (_, layer) => layer)
  const cross = layers.flatMap((layer): CrossPart[] => [
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
  ])
  const past = layers.flatMap((layer) =>
    ['k', 'v'].map((kind): PastPart => ({
      past: `past_${kind}_${layer}`,
      added: `new_${kind}_${layer}`,
      dims: (tokens, rows) => [tokens, rows, heads, headSize],
    })),
  )
  return { cross, past, pastWidth: heads * headSize }
}

/** Of `buildHalfDecoder`: what the encoder gives, `[audios, positions, width]`, and all keys and values of the tokens in one. */
export function halfLayout({ decoderLayers, heads, headSize }: ModelShape): GraphLayout {
  const width = heads * headSize
  const pastWidth = 2 * decoderLayers * width
  return {
    cross: [
      {
        name: 'hidden',
        rows: 1,
        size: width,
        dims: (audios, positions) => [audios, positions, width],
      },
    ],
    past: [{ past: 'past', added: 'new', dims: (tokens, rows) => [tokens, rows, pastWidth] }],
    pastWidth,
  }
}

/** Numbers of a window for each of its positions. */
export function crossWidth({ cross }: GraphLayout): number {
  return cross.reduce((sum, { rows, size }) => sum + rows * size, 0)
}
