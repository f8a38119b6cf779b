import { HEAD_WIDTH } from '../models/model-shapes.js'
import { makesOwnKeys } from './compute-type.js'
import type { ModelGraph } from './model-graph.js'
import { MICROSOFT } from './onnx-graph.js'
import type { Value } from './onnx-graph.js'
import { integers } from './onnx-types.js'

/**
 * Whisper's encoder, with the keys and values of the decoder's cross-attention worked out at its end: once for a window, not
 * once for a token. With half precision the decoder does that (`makesOwnKeys`).
 *
 * in: `mel` [B, mels, T], T even; out: `hidden` [B, S, D], and for each decoder layer `cross_k_L` [B, H, 64, S] (ready to be
 * multiplied with) and `cross_v_L` [B, H, S, 64], where S = T / 2.
 *
 * Audio shorter than a window can be encoded alone, and yet as if its padding were there: `padding_k_L` and `padding_v_L`
 * [B, R, D] are keys and values of R positions behind it, taken from what a window of nothing but padding gives as
 * `encoder_k_L` and `encoder_v_L` [B, S + R, D]. R = 0 is a whole window.
 */
export async function buildEncoder(builder: ModelGraph): Promise<void> {
  const { graph, model } = builder
  const { mels, width, heads, layers } = model.config
  let state = await convolutions(builder, builder.input('mel', ['B', mels, 'T']))
  state = graph.node('Add', [state, await positions(builder, state)])
  for (let layer = 0; layer < layers.encoder; layer++) {
    const name = `encoder/layer_${layer}`
    state = await selfAttention(builder, state, layer)
    state = await builder.feedForward(state, name)
  }
  const hidden = await builder.output('hidden', ['B', 'S', width], (name) =>
    builder.layerNorm(state, 'encoder/layer_norm', name),
  )
  if (makesOwnKeys(builder.kind)) return
  for (let layer = 0; layer < layers.decoder; layer++) {
    const name = `decoder/layer_${layer}/attention/linear_1`
    const [keys, values] = await builder.linearParts(hidden, name, [1, 1])
    builder.splitHeads(keys!, [0, 2, 3, 1], `cross_k_${layer}`)
    builder.splitHeads(values!, [0, 2, 1, 3], `cross_v_${layer}`)
    graph.output(`cross_k_${layer}`, 'float32', ['B', heads, HEAD_WIDTH, 'S'])
    graph.output(`cross_v_${layer}`, 'float32', ['B', heads, 'S', HEAD_WIDTH])
  }
}

/** [B, mels, T] → [B, T / 2, D]. */
async function convolutions(builder: ModelGraph, mel: Value): Promise<Value> {
  const { graph } = builder
  let value = mel
  for (const [name, stride] of [['conv1', 1] as const, ['conv2', 2] as const]) {
    const operands = [
      value,
      await builder.weight(`encoder/${name}/weight`),
      await builder.weight(`encoder/${name}/bias`),
    ]
    const attributes = { kernel_shape: [3], pads: [1, 1], strides: [stride] }
    value = builder.gelu(graph.node('Conv', operands, attributes))
  }
  return graph.node('Transpose', [value], { perm: [0, 2, 1] })
}

/** The first S position encodings. */
async function positions(builder: ModelGraph, state: Value): Promise<Value> {
  const { graph } = builder
  const all = await builder.weight('encoder/position_encodings/encodings')
  const zero = graph.constant('list/0', integers(0))
  return graph.node('Slice', [all, zero, builder.sizeOf(state, 1), zero])
}

/** Queries of the audio; keys and values of the audio and of the padding behind it. */
async function selfAttention(builder: ModelGraph, state: Value, layer: number): Promise<Value> {
  const { graph, model } = builder
  const { heads, width } = model.config
  const name = `encoder/layer_${layer}/self_attention`
  const normal = await builder.layerNorm(state, `${name}/layer_norm`)
  const linear = await builder.linearParts(normal, `${name}/linear_0`, [1, 1, 1])
  // In float32 with half precision too, where cuDNN would work out a plan for each length there is.
  const [queries, ...own] = linear.map((part) => builder.exact(part))
  const all = (['k', 'v'] as const).map((which, index) => {
    const padding = graph.input(`padding_${which}_${layer}`, 'float32', ['B', 'R', width])
    const parts = [own[index]!, padding]
    const joined = graph.node('Concat', parts, { axis: 1 }, { name: `encoder_${which}_${layer}` })
    graph.output(joined, 'float32', ['B', 'SR', width])
    return joined
  })
  // Fused, so that the scores of 1,500 × 1,500 positions never exist as a whole. It scales queries by itself.
  const mixed = graph.node(
    'MultiHeadAttention',
    [queries!, ...all],
    { num_heads: heads },
    { domain: MICROSOFT },
  )
  const added = await builder.linear(builder.own(mixed), `${name}/linear_1`)
  return graph.node('Add', [state, added])
}
