import { toFloat16 } from '../models/half-float.js'
import type { ModelWeights, WeightTensor } from '../models/model-weights.js'
import type { OnnxGraph, Value } from './onnx-graph.js'
import { ONNX_TYPE } from './onnx-types.js'
import { transpose } from './quantise.js'
import type { Matrix } from './quantise.js'

/** How a linear layer of a graph computes: exactly, or with products in half precision and everything around them in float32. */
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

/** Applies a linear layer to several inputs' last dimension; `name` names its weights. */
export async function linear(
  graph: OnnxGraph,
  kind: LinearKind,
  name: string,
  input: LinearInput,
  weights: LinearWeights,
): Promise<Value> {
  const bias = weights.bias?.some((value) => value !== 0) === true ? weights.bias : undefined
  const product =
    kind === 'float32'
      ? await float32(graph, name, input.value, weights.weight)
      : await float16(graph, name, input, weights.weight)
  if (bias === undefined) return product
  const offsets = { type: 'float32', shape: [bias.length], data: bias } as const
  return graph.node('Add', [product, await graph.weight(`${name}/bias`, offsets)])
}

/** Activations, with their half precision once a layer has asked for it, so that layers of one input share it. */
export class LinearInput {
  /** The activations. */
  readonly value: Value
  #half: Value | undefined

  constructor(value: Value) {
    this.value = value
  }

  /** In half precision. */
  halved(graph: OnnxGraph): Value {
    this.#half ??= graph.node('Cast', [this.value], { to: ONNX_TYPE.float16 })
    return this.#half
  }
}

async function float16(
  graph: OnnxGraph,
  name: string,
  input: LinearInput,
  { rows, columns, data }: Matrix,
): Promise<Value> {
  const turned = toFloat16(transpose(data, rows, columns, new Float32Array(data.length)))
  const tensor = { type: 'float16', shape: [columns, rows], data: turned } as const
  const weight = await graph.weight(`${name}/weight`, tensor)
  const product = graph.node('MatMul', [input.halved(graph), weight])
  return graph.node('Cast', [product], { to: ONNX_TYPE.float32 })
}

async function float32(
  graph: OnnxGraph,
  name: string,
  input: Value,
  { rows, columns, data }: Matrix,
): Promise<Value> {
  const turned = transpose(data, rows, columns, new Float32Array(data.length))
  const tensor = { type: 'float32', shape: [columns, rows], data: turned } as const
  return graph.node('MatMul', [input, await graph.weight(`${name}/weight`, tensor)])
}
