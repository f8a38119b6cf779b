import { bytesOf, ONNX_TYPE } from './onnx-types.js'
import type { OnnxTensor, OnnxType } from './onnx-types.js'
import { ProtobufWriter } from './protobuf-writer.js'
import type { WeightsWriter } from './weights-writer.js'

/** Name of a value that flows through a graph. */
export type Value = string

/** A dimension: a size, or the name of one that is known only when the graph runs. */
export type Dimension = number | string

/** Attributes of a node. Whole numbers are integers unless marked with `float`. */
export type Attributes = Readonly<Record<string, number | readonly number[] | { float: number }>>

/** A file of weights, and its name in the folder of the graph. */
export interface WeightsFile {
  readonly writer: WeightsWriter
  readonly name: string
}

/** ONNX operators of this version; 17 brought LayerNormalization. */
const OPSET = 17
/** Version of the file format that goes with it. */
const IR_VERSION = 8
/** Domain of onnxruntime's own operators. */
export const MICROSOFT = 'com.microsoft'
/** Tensors up to this size lie in the graph itself, where onnxruntime can compute with them while it loads. */
const INLINE_BYTES = 256

/**
 * A graph under construction. Large weights go to a file beside it as they come (ONNX external data): nothing is held in
 * memory, and the limit of 2 GB for a protobuf file, which large-v3 in float32 would pass, does not matter.
 */
export class OnnxGraph {
  readonly #weights: WeightsFile | undefined
  readonly #graph = new ProtobufWriter()
  readonly #initializers = new Set<string>()
  #values = 0

  /** `weights`: where large weights go; without it everything stays in the graph. */
  constructor(weights?: WeightsFile) {
    this.#weights = weights
    this.#graph.bytes(2, 'whisper')
  }

  /** Declares an input. */
  input(name: Value, type: OnnxType, shape: readonly Dimension[]): Value {
    this.#graph.bytes(11, valueInfo(name, type, shape))
    return name
  }

  /** Declares that a value comes out of the graph. */
  output(name: Value, type: OnnxType, shape: readonly Dimension[]): void {
    this.#graph.bytes(12, valueInfo(name, type, shape))
  }

  /** Adds a node with one output, which gets `name` or one of its own. An empty input is one left out. */
  node(
    operator: string,
    inputs: readonly Value[],
    attributes: Attributes = {},
    options: { name?: Value; domain?: string } = {},
  ): Value {
    const output = options.name ?? `v${this.#values++}`
    this.nodes(operator, inputs, [output], attributes, options.domain)
    return output
  }

  /** Adds a node with the outputs named. */
  nodes(
    operator: string,
    inputs: readonly Value[],
    outputs: readonly Value[],
    attributes: Attributes = {},
    domain?: string,
  ): void {
    const node = new ProtobufWriter()
    for (const input of inputs) node.bytes(1, input)
    for (const output of outputs) node.bytes(2, output)
    node.bytes(3, `${operator}_${outputs[0]}`).bytes(4, operator)
    for (const [name, value] of Object.entries(attributes)) node.bytes(5, attribute(name, value))
    if (domain !== undefined) node.bytes(7, domain)
    this.#graph.bytes(1, node)
  }

  /** A small constant; the same name gives the same value again. */
  constant(name: Value, tensor: OnnxTensor): Value {
    if (this.#initializers.has(name)) return name
    this.#initializers.add(name)
    this.#graph.bytes(5, tensorHead(name, tensor).bytes(9, bytesOf(tensor)))
    return name
  }

  /** A weight; written to the file of weights unless it is tiny. */
  async weight(name: Value, tensor: OnnxTensor): Promise<Value> {
    const file = this.#weights
    if (file === undefined || tensor.data.byteLength <= INLINE_BYTES) {
      return this.constant(name, tensor)
    }
    if (this.#initializers.has(name)) throw new Error(`weight "${name}" is written twice`)
    this.#initializers.add(name)
    const { offset, length } = await file.writer.write(tensor)
    const proto = tensorHead(name, tensor)
    const places = { location: file.name, offset: `${offset}`, length: `${length}` }
    for (const [key, value] of Object.entries(places)) {
      proto.bytes(13, new ProtobufWriter().bytes(1, key).bytes(2, value))
    }
    this.#graph.bytes(5, proto.integer(14, 1))
    return name
  }

  /** The model as a file. */
  finish(): Uint8Array {
    const opset = (domain: string, version: number): ProtobufWriter =>
      new ProtobufWriter().bytes(1, domain).integer(2, version)
    return new ProtobufWriter()
      .integer(1, IR_VERSION)
      .bytes(2, 'audiodecode')
      .bytes(7, this.#graph)
      .bytes(8, opset('', OPSET))
      .bytes(8, opset(MICROSOFT, 1))
      .finish()
  }
}

function tensorHead(name: string, { type, shape }: OnnxTensor): ProtobufWriter {
  const proto = new ProtobufWriter()
  for (const size of shape) proto.integer(1, size)
  return proto.integer(2, ONNX_TYPE[type]).bytes(8, name)
}

function valueInfo(name: string, type: OnnxType, shape: readonly Dimension[]): ProtobufWriter {
  const dimensions = new ProtobufWriter()
  for (const size of shape) {
    const dimension = new ProtobufWriter()
    dimensions.bytes(
      1,
      typeof size === 'number' ? dimension.integer(1, size) : dimension.bytes(2, size),
    )
  }
  const tensorType = new ProtobufWriter().integer(1, ONNX_TYPE[type]).bytes(2, dimensions)
  return new ProtobufWriter().bytes(1, name).bytes(2, new ProtobufWriter().bytes(1, tensorType))
}

/** AttributeProto: field 20 names its type, of which 1 is a float, 2 an integer, 7 a list of integers. */
function attribute(name: string, value: Attributes[string]): ProtobufWriter {
  const proto = new ProtobufWriter().bytes(1, name)
  if (typeof value === 'number') return proto.integer(3, value).integer(20, 2)
  if ('float' in value) return proto.float(2, value.float).integer(20, 1)
  for (const item of value) proto.integer(8, item)
  return proto.integer(20, 7)
}
