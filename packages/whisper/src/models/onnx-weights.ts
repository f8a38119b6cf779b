import type { OnnxIndex, OnnxNode, OnnxStored } from './onnx-index.js'

/** A weight of a graph by Hugging Face's name. */
export interface OnnxWeight {
  readonly stored: OnnxStored
  /** Whether its rows stand for inputs, as MatMul has it, and not for outputs. */
  readonly transposed: boolean
}

/** Operators that only quantised models have. */
const QUANTISED =
  /^(?:MatMulInteger|ConvInteger|DynamicQuantize\w+|DequantizeLinear|QuantizeLinear|QLinear\w+|MatMulNBits|MatMulBnb4|GatherBlockQuantized|QAttention)/u

/** The first of the graph's operators that stands for quantised weights; undefined when there is none. */
export function quantisedOperator(graph: OnnxIndex): string | undefined {
  const own = graph.nodes.find(({ operator }) => QUANTISED.test(operator))
  if (own !== undefined) return own.operator
  for (const inner of graph.inner) {
    const found = quantisedOperator(inner)
    if (found !== undefined) return found
  }
  return undefined
}

/**
 * The weights of an exported graph by Hugging Face's names, e.g. `layers.0.fc1.weight`.
 *
 * An export keeps the names of few weights: those of linear layers are transposed and called `onnx::MatMul_123`, equal ones are
 * merged into one. The steps keep the path of the module that they were, e.g. `/model/decoder/layers.0/fc1/MatMul`.
 */
export function onnxWeights(graph: OnnxIndex): ReadonlyMap<string, OnnxWeight> {
  const weights = new Map<string, OnnxWeight>()
  collect(graph, weights)
  return weights
}

function collect(graph: OnnxIndex, weights: Map<string, OnnxWeight>): void {
  const resolve = resolver(graph)
  const add = (name: string, value: OnnxWeight | undefined): void => {
    if (value !== undefined && !weights.has(name)) weights.set(name, value)
  }
  for (const node of graph.nodes) {
    for (const [part, value] of partsOf(node, resolve)) {
      const module = moduleOf(node.name)
      if (part === POSITIONS) add('embed_positions.weight', value)
      else if (module !== undefined) add(`${module}.${part}`, value)
    }
  }
  for (const inner of graph.inner) collect(inner, weights)
  // Tables that are used in a way of their own still have their names.
  for (const [name, stored] of graph.tensors) {
    const table = /(?:^|\.)(embed_(?:positions|tokens)\.weight)(?:_merged_\d+)?$/u.exec(name)?.[1]
    if (table !== undefined) add(table, { stored, transposed: false })
  }
}

/** Stands for the encoder's table of positions, which is added as a whole. */
const POSITIONS = ' positions'

type Resolve = (value: string | undefined) => OnnxWeight | undefined

/** What a step says of the weights of its module. */
function partsOf(
  { operator, inputs }: OnnxNode,
  resolve: Resolve,
): readonly (readonly [part: string, value: OnnxWeight | undefined])[] {
  const ofRank = (rank: number): OnnxWeight | undefined =>
    inputs
      .map((input) => resolve(input))
      .find((found) => found?.stored.shape.length === rank && !isSingle(found.stored))
  switch (operator) {
    case 'MatMul': {
      const found = resolve(inputs[1])
      if (found?.stored.shape.length !== 2) return []
      return [['weight', { ...found, transposed: !found.transposed }]]
    }
    case 'Add': {
      const table = ofRank(2)
      return table === undefined ? [['bias', ofRank(1)]] : [[POSITIONS, table]]
    }
    case 'Mul':
      return [['weight', ofRank(1)]]
    case 'Conv':
    case 'LayerNormalization':
      return [
        ['weight', resolve(inputs[1])],
        ['bias', resolve(inputs[2])],
      ]
    case 'Gather':
      return [['weight', ofRank(2)]]
    default:
      return []
  }
}

function isSingle({ shape }: OnnxStored): boolean {
  return shape.every((size) => size === 1)
}

/** Follows a value back to what the graph, or one around it, holds. */
function resolver(graph: OnnxIndex): Resolve {
  const producers = new Map<string, OnnxNode>()
  for (const node of graph.nodes) {
    const [output] = node.outputs
    if (output !== undefined && /^(?:Identity|Cast|Transpose)$/u.test(node.operator)) {
      producers.set(output, node)
    }
  }
  const outer = graph.parent === undefined ? undefined : resolver(graph.parent)
  const resolve = (value: string | undefined, steps: number): OnnxWeight | undefined => {
    if (value === undefined || steps > 8) return undefined
    const stored = graph.tensors.get(value)
    if (stored !== undefined) return { stored, transposed: false }
    const producer = producers.get(value)
    if (producer === undefined) return outer?.(value)
    const found = resolve(producer.inputs[0], steps + 1)
    if (found === undefined || producer.operator !== 'Transpose') return found
    // Of a table there is one way to transpose it.
    return found.stored.shape.length === 2 ? { ...found, transposed: !found.transposed } : undefined
  }
  return (value) => resolve(value, 0)
}

/** `/model/decoder/layers.0/fc1/MatMul` is a step of `layers.0.fc1`. */
function moduleOf(node: string): string | undefined {
  const path = node.split('/').slice(0, -1).join('.')
  return /(?:^|\.)(layers\.\d+\..+|conv\d|layer_norm|embed_\w+)$/u.exec(path)?.[1]
}
