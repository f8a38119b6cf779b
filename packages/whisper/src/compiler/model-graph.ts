import { HEAD_WIDTH } from '../models/model-shapes.js'
import type { ModelWeights } from '../models/model-weights.js'
import { inKind, joinLinear, linear, linearParts } from './linear.js'
import type { LinearKind } from './linear.js'
import { MICROSOFT } from './onnx-graph.js'
import type { Dimension, OnnxGraph, Value } from './onnx-graph.js'
import { integers, ONNX_TYPE } from './onnx-types.js'
import type { OnnxType } from './onnx-types.js'

/** A graph of one model: the parts that encoder and decoder share. */
export class ModelGraph {
  /** Where the nodes go. */
  readonly graph: OnnxGraph
  /** Where the weights come from. */
  readonly model: ModelWeights
  /** How linear layers compute. */
  readonly kind: LinearKind

  constructor(graph: OnnxGraph, model: ModelWeights, kind: LinearKind) {
    this.graph = graph
    this.model = model
    this.kind = kind
  }

  /** A weight as it is. */
  async weight(name: string): Promise<Value> {
    const { shape, data } = await this.model.tensor(name)
    return this.graph.weight(name, inKind(this.kind, shape, data))
  }

  /** An input of float32, in the numbers that the graph computes with. */
  input(name: Value, shape: readonly Dimension[]): Value {
    return this.own(this.graph.input(name, 'float32', shape))
  }

  /** What is in float32, in the numbers that the graph computes with. */
  own(value: Value): Value {
    return this.kind === 'float32' ? value : this.#cast(value, 'float16')
  }

  /** What is in those numbers, in float32. */
  exact(value: Value): Value {
    return this.kind === 'float32' ? value : this.#cast(value, 'float32')
  }

  /** Declares an output of float32: what `make` makes, which takes the name where it is in float32 already. */
  async output(
    name: Value,
    shape: readonly Dimension[],
    make: (name?: Value) => Value | Promise<Value>,
  ): Promise<Value> {
    const value = await (this.kind === 'float32' ? make(name) : make())
    if (this.kind !== 'float32') this.#cast(value, 'float32', name)
    this.graph.output(name, 'float32', shape)
    return value
  }

  /** LayerNorm over the last dimension, with PyTorch's epsilon. */
  async layerNorm(input: Value, name: string, output?: Value): Promise<Value> {
    const operands = [input, await this.weight(`${name}/gamma`), await this.weight(`${name}/beta`)]
    const attributes = { axis: -1, epsilon: { float: 1e-5 } }
    return this.graph.node('LayerNormalization', operands, attributes, named(output))
  }

  /** The exact Gelu, with erf. */
  gelu(input: Value): Value {
    return this.graph.node('Gelu', [input], {}, { domain: MICROSOFT })
  }

  /** A whole linear layer. */
  async linear(input: Value, name: string): Promise<Value> {
    const [value] = await this.linearParts(input, name, [1])
    return value!
  }

  /** A layer that CTranslate2 keeps as several in one, as its parts; the outputs of each are multiplied by its factor. */
  async linearParts(
    input: Value,
    name: string,
    factors: readonly number[],
  ): Promise<readonly Value[]> {
    const { graph, kind } = this
    const layers = await linearParts(this.model, name, factors)
    if (factors.length > 1 && kind === 'float16') {
      // A graphics card is done with one large product in the time of a small one.
      const all = await linear(graph, kind, name, input, joinLinear(layers))
      const parts = factors.map((_, index) => `${name}/${index}`)
      graph.nodes('Split', [all], parts, { axis: -1 })
      return parts
    }
    const parts: Value[] = []
    for (const [index, layer] of layers.entries()) {
      const partName = factors.length === 1 ? name : `${name}/${index}`
      parts.push(await linear(graph, kind, partName, input, layer))
    }
    return parts
  }

  /** [B, T, D] → [B, T, heads, 64] → its dimensions in the order of `order`. */
  splitHeads(input: Value, order: readonly number[], output?: Value): Value {
    const { heads } = this.model.config
    const shape = this.graph.constant('shape/heads', integers(0, 0, heads, HEAD_WIDTH))
    const split = this.graph.node('Reshape', [input, shape])
    return this.graph.node('Transpose', [split], { perm: order }, named(output))
  }

  /** [B, heads, T, 64] → [B, T, D]. */
  joinHeads(input: Value): Value {
    const shape = this.graph.constant('shape/joined', integers(0, 0, this.model.config.width))
    const turned = this.graph.node('Transpose', [input], { perm: [0, 2, 1, 3] })
    return this.graph.node('Reshape', [turned, shape])
  }

  /** One dimension of a value's shape, as a list of one number. */
  sizeOf(input: Value, dimension: number): Value {
    const { graph } = this
    const from = graph.constant(`list/${dimension}`, integers(dimension))
    const to = graph.constant(`list/${dimension + 1}`, integers(dimension + 1))
    return graph.node('Slice', [graph.node('Shape', [input]), from, to])
  }

  /** input + layer(input): the feed-forward half of a transformer layer. */
  async feedForward(input: Value, name: string): Promise<Value> {
    const normal = await this.layerNorm(input, `${name}/ffn/layer_norm`)
    const inner = this.gelu(await this.linear(normal, `${name}/ffn/linear_0`))
    return this.graph.node('Add', [input, await this.linear(inner, `${name}/ffn/linear_1`)])
  }

  #cast(value: Value, type: OnnxType, name?: Value): Value {
    return this.graph.node('Cast', [value], { to: ONNX_TYPE[type] }, named(name))
  }
}

function named(name: Value | undefined): { name?: Value } {
  return name === undefined ? {} : { name }
}
