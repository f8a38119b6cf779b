import { HEAD_WIDTH } from '../models/model-shapes.js'
import type { ModelWeights } from '../models/model-weights.js'
import { linear, LinearInput, linearParts } from './linear.js'
import type { LinearKind } from './linear.js'
import { MICROSOFT } from './onnx-graph.js'
import type { OnnxGraph, Value } from './onnx-graph.js'
import { integers } from './onnx-types.js'
import type { OnnxTensor } from './onnx-types.js'

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
    return this.graph.weight(name, { type: 'float32', ...(await this.model.tensor(name)) })
  }

  /** A weight in another form. */
  async store(name: string, tensor: OnnxTensor): Promise<Value> {
    return this.graph.weight(name, tensor)
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
    input: Value | LinearInput,
    name: string,
    factors: readonly number[],
  ): Promise<readonly Value[]> {
    const shared = input instanceof LinearInput ? input : new LinearInput(input)
    const parts: Value[] = []
    for (const [index, part] of (await linearParts(this.model, name, factors)).entries()) {
      const partName = factors.length === 1 ? name : `${name}/${index}`
      parts.push(await linear(this.graph, this.kind, partName, shared, part))
    }
    return parts
  }

  /** Keys [B, H, 64, S], ready to be multiplied with, and values [B, H, S, 64] of a decoder's layer, made of what the encoder gives. */
  async crossParts(hidden: LinearInput, layer: number): Promise<readonly [Value, Value]> {
    const name = `decoder/layer_${layer}/attention/linear_1`
    const [keys, values] = await this.linearParts(hidden, name, [1, 1])
    return [
      this.splitHeads(keys!, [0, 2, 3, 1], `cross_k_${layer}`),
      this.splitHeads(values!, [0, 2, 1, 3], `cross_v_${layer}`),
    ]
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
}

function named(name: Value | undefined): { name?: Value } {
  return name === undefined ? {} : { name }
}
