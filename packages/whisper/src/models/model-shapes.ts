import { DOWNLOAD_AGAIN, modelError } from './model-error.js'
import type { ModelConfig } from './model-weights.js'

/** Width of an attention head in every Whisper model; the graphs are written for it. */
export const HEAD_WIDTH = 64
/** The largest Whisper has 32. */
const MOST_LAYERS = 256
const ANOTHER_FOLDER = 'Name the folder of a Whisper model.'

type Shape = readonly number[]

/** Every weight that the graphs are made of, with its shape. */
export function expectedShapes(config: ModelConfig): ReadonlyMap<string, Shape> {
  const { width, mels, vocabulary, audioContext, textContext, layers } = config
  const shapes = new Map<string, Shape>([
    ['encoder/conv1/weight', [width, mels, 3]],
    ['encoder/conv1/bias', [width]],
    ['encoder/conv2/weight', [width, width, 3]],
    ['encoder/conv2/bias', [width]],
    ['encoder/position_encodings/encodings', [audioContext, width]],
    ['decoder/embeddings/weight', [vocabulary, width]],
    ['decoder/position_encodings/encodings', [textContext, width]],
  ])
  const norm = (name: string): void => {
    shapes.set(`${name}/gamma`, [width])
    shapes.set(`${name}/beta`, [width])
  }
  const linear = (name: string, outputs: number, inputs: number): void => {
    shapes.set(`${name}/weight`, [outputs, inputs])
    shapes.set(`${name}/bias`, [outputs])
  }
  for (const part of ['encoder', 'decoder'] as const) {
    norm(`${part}/layer_norm`)
    for (let layer = 0; layer < layers[part]; layer++) {
      const name = `${part}/layer_${layer}`
      norm(`${name}/self_attention/layer_norm`)
      linear(`${name}/self_attention/linear_0`, 3 * width, width)
      linear(`${name}/self_attention/linear_1`, width, width)
      norm(`${name}/ffn/layer_norm`)
      linear(`${name}/ffn/linear_0`, 4 * width, width)
      linear(`${name}/ffn/linear_1`, width, 4 * width)
      if (part === 'encoder') continue
      norm(`${name}/attention/layer_norm`)
      linear(`${name}/attention/linear_0`, width, width)
      linear(`${name}/attention/linear_1`, 2 * width, width)
      linear(`${name}/attention/linear_2`, width, width)
    }
  }
  return shapes
}

/** ERR_MODEL unless layers, heads and width go together as in Whisper. */
export function checkSizes(
  { layers, heads, width }: Pick<ModelConfig, 'layers' | 'heads' | 'width'>,
  path: string,
): void {
  for (const part of ['encoder', 'decoder'] as const) {
    if (layers[part] >= 1 && layers[part] <= MOST_LAYERS) continue
    throw modelError(path, `${layers[part]} layers of the ${part} make no sense`, DOWNLOAD_AGAIN)
  }
  if (heads < 1 || width !== heads * HEAD_WIDTH) {
    const problem = `${heads} heads of ${HEAD_WIDTH} do not make a width of ${width}`
    throw modelError(path, problem, ANOTHER_FOLDER)
  }
}

/** ERR_MODEL unless the weights are those of a Whisper model. */
export function checkShapes(
  config: ModelConfig,
  path: string,
  shapeOf: (name: string) => Shape | undefined,
): void {
  const { vocabulary, endOfText } = config
  if (endOfText >= vocabulary) {
    const problem = `a vocabulary of ${vocabulary} tokens is too small for Whisper`
    throw modelError(path, problem, ANOTHER_FOLDER)
  }
  for (const [name, expected] of expectedShapes(config)) {
    const actual = shapeOf(name)
    if (actual === undefined) throw modelError(path, `"${name}" is missing`, DOWNLOAD_AGAIN)
    if (actual.length !== expected.length || actual.some((size, at) => size !== expected[at])) {
      const problem = `"${name}" is ${actual.join('×')}, not ${expected.join('×')}`
      throw modelError(path, problem, DOWNLOAD_AGAIN)
    }
  }
}
