import { toFloat16 } from '../models/half-float.js'
import type { ModelWeights, WeightTensor } from '../models/model-weights.js'
import type { OnnxGraph, Value } from './onnx-graph.js'
import type { OnnxTensor } from './onnx-types.js'
import { transpose } from './quantise.js'
import type { Matrix } from './quantise.js'

/** Numbers that a graph computes with. */
export type LinearKind = 'float32' | 'float16'

/** Weights of a linear layer; without a bias, or with one of zeros, nothing is added. */
export interface LinearWeights {
  readonly weight: Matrix
  readonly bias?: Float32Array
}

/** Rows `start` to `end` of a layer's weights, times `factor`. */
function sliceLinear(
  weight: WeightTensor,
  bias: WeightTensor,
  start: number,
  end: number,
  factor = 1,
): LinearWeights {
  const columns = weight.shape[1]!
  const part = weight.data.subarray(start * columns, end * columns)
  const offsets = bias.data.subarray(start, end)
  return {
    weight: { rows: end - start, columns, data: factor === 1 ? part : part.map((x) => x * factor) },
    bias: factor === 1 ? offsets : offsets.map((x) => x * factor),
  }
}

/** A layer that CTranslate2 keeps as several in one, as its parts; the outputs of each are multiplied by its factor. */
export async function linearParts(
  model: ModelWeights,
  name: string,
  factors: readonly number[],
): Promise<readonly LinearWeights[]> {
  const weight = await model.tensor(`${name}/weight`)
  const bias = await model.tensor(`${name}/bias`)
  const rows = weight.shape[0]! / factors.length
  return factors.map((factor, index) =>
    sliceLinear(weight, bias, index * rows, (index + 1) * rows, factor),
  )
}

/** Layers of the same input as one that gives all their outputs. */
export function joinLinear(parts: readonly LinearWeights[]): LinearWeights {
  const rows = parts.reduce((sum, { weight }) => sum + weight.rows, 0)
  const columns = parts[0]?.weight.columns ?? 0
  const data = new Float32Array(rows * columns)
  const bias = new Float32Array(rows)
  let row = 0
  for (const { weight, bias: offsets } of parts) {
    data.set(weight.data, row * columns)
    if (offsets !== undefined) bias.set(offsets, row)
    row += weight.rows
  }
  return { weight: { rows, columns, data }, bias }
}

/** Applies a linear layer to its input's last dimension; `name` names its weights. */
export async function linear(
  graph: OnnxGraph,
  kind: LinearKind,
  name: string,
  input: Value,
  { weight, bias }: LinearWeights,
): Promise<Value> {
  const { rows, columns, data } = weight
  const turned = transpose(data, rows, columns, new Float32Array(data.length))
  const stored = await graph.weight(`${name}/weight`, inKind(kind, [columns, rows], turned))
  const product = graph.node('MatMul', [input, stored])
  if (bias?.some((value) => value !== 0) !== true) return product
  const offsets = await graph.weight(`${name}/bias`, inKind(kind, [bias.length], bias))
  return graph.node('Add', [product, offsets])
}

/** A weight in the numbers that a graph computes with. */
export function inKind(kind: LinearKind, shape: readonly number[], data: Float32Array): OnnxTensor {
  return kind === 'float32'
    ? { type: kind, shape, data }
    : { type: kind, shape, data: toFloat16(data) }
}
