import { toFloat16 } from '../models/half-float.js'
import type { WeightTensor } from '../models/model-weights.js'
import { MICROSOFT } from './onnx-graph.js'
import type { OnnxGraph, Value } from './onnx-graph.js'
import { ONNX_TYPE, scalar } from './onnx-types.js'
import { movedUp, quantiseBlocks, quantiseRows, transpose } from './quantise.js'
import type { Matrix } from './quantise.js'

/**
 * How a linear layer computes:
 * - float32;
 * - rows: int8 with one scale for each row of the activations and one for each output, as CTranslate2 does. One scale for the
 *   whole activations, as DynamicQuantizeMatMul takes, would lose the small rows beside the outliers that Whisper has;
 * - unsigned-rows: the same numbers with the weights moved up by 128, for processors where that is the exact way;
 * - blocks: int8 with one scale for each 128 weights. One operator instead of six, which counts when there are few rows: the
 *   decoder's;
 * - float16: products in half precision, everything around them in float32.
 */
export type LinearKind = 'float32' | 'rows' | 'unsigned-rows' | 'blocks' | 'float16'

/** Weights of a linear layer; without a bias, or with one of zeros, nothing is added. */
export interface LinearWeights {
  readonly weight: Matrix
  readonly bias?: Float32Array
}

/** Weights of a block; half as many where a row is no multiple of 128. */
export const blockOf = (columns: number): number => (columns % 128 === 0 ? 128 : 64)

/** Rows `start` to `end` of a layer's weights, times `factor`. */
export function sliceLinear(
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
  if (kind === 'blocks') return blockwise(graph, name, input.value, weights.weight, bias)
  const product =
    kind === 'float32'
      ? await float32(graph, name, input.value, weights.weight)
      : kind === 'float16'
        ? await float16(graph, name, input, weights.weight)
        : await rowwise(graph, name, input, weights.weight, kind === 'unsigned-rows')
  if (bias === undefined) return product
  const offsets = { type: 'float32', shape: [bias.length], data: bias } as const
  return graph.node('Add', [product, await graph.weight(`${name}/bias`, offsets)])
}

/** Activations, with their quantised form once a layer has asked for it, so that layers of one input share it. */
export class LinearInput {
  /** The activations. */
  readonly value: Value
  #rows: { values: Value; sizes: Value } | undefined
  #half: Value | undefined

  constructor(value: Value) {
    this.value = value
  }

  /** Each row divided by its largest size and quantised with the scale 1/127; `sizes` undo the division. */
  quantised(graph: OnnxGraph): { values: Value; sizes: Value } {
    if (this.#rows !== undefined) return this.#rows
    // A row of zeros has to stay one.
    const least = graph.constant('quantise/least', scalar('float32', 1e-12))
    const size = graph.node('ReduceMax', [graph.node('Abs', [this.value])], {
      axes: [-1],
      keepdims: 1,
    })
    const sizes = graph.node('Max', [size, least])
    const unit = graph.node('Div', [this.value, sizes])
    const values = graph.node('QuantizeLinear', [unit, ...quantisation(graph)])
    this.#rows = { values, sizes }
    return this.#rows
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

/** Scale and zero point of all quantised activations: unsigned, since only unsigned × signed has fast kernels. */
function quantisation(graph: OnnxGraph): readonly [scale: Value, zero: Value] {
  return [
    graph.constant('quantise/scale', scalar('float32', 1 / 127)),
    graph.constant('quantise/zero', scalar('uint8', 128)),
  ]
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

async function rowwise(
  graph: OnnxGraph,
  name: string,
  input: LinearInput,
  matrix: Matrix,
  unsigned: boolean,
): Promise<Value> {
  const { rows, columns } = matrix
  const { values, scales } = quantiseRows(matrix)
  const [scale, zero] = quantisation(graph)
  const quantised = input.quantised(graph)
  const stored = unsigned
    ? ({ type: 'uint8', shape: [columns, rows], data: movedUp(values) } as const)
    : ({ type: 'int8', shape: [columns, rows], data: values } as const)
  const weight = await graph.weight(`${name}/weight`, stored)
  const weightScale = await graph.weight(`${name}/scale`, {
    type: 'float32',
    shape: [rows],
    data: scales,
  })
  const operands = [quantised.values, weight, scale, weightScale, zero]
  // Unsigned weights have the same zero point as the activations.
  if (unsigned) operands.push(zero)
  const product = graph.node('MatMulIntegerToFloat', operands, {}, { domain: MICROSOFT })
  return graph.node('Mul', [product, quantised.sizes])
}

async function blockwise(
  graph: OnnxGraph,
  name: string,
  input: Value,
  matrix: Matrix,
  bias: Float32Array | undefined,
): Promise<Value> {
  const { rows, columns } = matrix
  const block = blockOf(columns)
  const { values, scales } = quantiseBlocks(matrix, block)
  const shape = [rows, columns / block, block]
  const operands = [
    input,
    await graph.weight(`${name}/weight`, { type: 'uint8', shape, data: values }),
    await graph.weight(`${name}/scale`, { type: 'float32', shape: [scales.length], data: scales }),
  ]
  if (bias !== undefined) {
    const offsets = { type: 'float32', shape: [rows], data: bias } as const
    operands.push('', '', await graph.weight(`${name}/bias`, offsets))
  }
  // Level 4: activations are quantised to int8 too, in blocks of the same size.
  const attributes = { K: columns, N: rows, bits: 8, block_size: block, accuracy_level: 4 }
  return graph.node('MatMulNBits', operands, attributes, { domain: MICROSOFT })
}
