import { HEAD_WIDTH } from '../models/model-shapes.js'
import type { ModelGraph } from './model-graph.js'
import type { Value } from './onnx-graph.js'
import { integers } from './onnx-types.js'
import type { OutputHead } from './output-head.js'

/** Folded into the queries' weights. */
const QUERY_FACTOR = HEAD_WIDTH ** -0.5

/**
 * Whisper's decoder, one step or several at once.
 *
 * The key-value cache stays with the caller: `past_k_L`, `past_v_L` [P, B, H, 64] go in, and only what is new, `new_k_L`,
 * `new_v_L` [T, B, H, 64], comes out, since onnxruntime copies every output. Time comes first, so that the cache of P tokens is
 * the beginning of a larger buffer.
 *
 * Rows that listen to the same audio share one cross-attention cache: `cross_k_L`, `cross_v_L` with a first dimension of 1 and
 * their queries side by side.
 *
 * For graphics cards there is `buildHalfDecoder`.
 */
export async function buildDecoder(builder: ModelGraph, head: OutputHead): Promise<void> {
  const { graph, model } = builder
  const { heads, width, layers, alignmentHeads } = model.config
  const ids = graph.input('ids', 'int64', ['B', 'T'])
  const positions = graph.input('positions', 'int64', ['B', 'T'])
  const wanted = graph.input('logit_positions', 'int64', ['N'])
  graph.input('mask', 'float32', ['MB', 1, 'MT', 'PT'])
  for (let layer = 0; layer < layers.decoder; layer++) {
    graph.input(`past_k_${layer}`, 'float32', ['P', 'B', heads, HEAD_WIDTH])
    graph.input(`past_v_${layer}`, 'float32', ['P', 'B', heads, HEAD_WIDTH])
    graph.input(`cross_k_${layer}`, 'float32', ['BC', heads, HEAD_WIDTH, 'S'])
    graph.input(`cross_v_${layer}`, 'float32', ['BC', heads, 'S', HEAD_WIDTH])
  }
  const places = await builder.weight('decoder/position_encodings/encodings')
  const embedded = await head.embed(ids)
  let state = graph.node('Add', [embedded, graph.node('Gather', [places, positions])])
  const rows = graph.node('Shape', [state])
  const folded = graph.node(
    'Concat',
    [builder.sizeOf('cross_k_0', 0), graph.constant('list/rest', integers(-1, width))],
    { axis: 0 },
  )
  const aligned = new Set(alignmentHeads.map(([layer]) => layer))
  for (let layer = 0; layer < layers.decoder; layer++) {
    state = await selfAttention(builder, state, layer)
    state = await crossAttention(builder, state, layer, { rows, folded, shown: aligned.has(layer) })
    state = await builder.feedForward(state, `decoder/layer_${layer}`)
  }
  const last = graph.node('Gather', [state, wanted], { axis: 1 })
  head.logits(await builder.layerNorm(last, 'decoder/layer_norm'))
}

async function selfAttention(builder: ModelGraph, state: Value, layer: number): Promise<Value> {
  const { graph, model } = builder
  const name = `decoder/layer_${layer}/self_attention`
  const normal = await builder.layerNorm(state, `${name}/layer_norm`)
  const [queries, keys, values] = await builder.linearParts(normal, `${name}/linear_0`, [
    QUERY_FACTOR,
    1,
    1,
  ])
  const shape = ['T', 'B', model.config.heads, HEAD_WIDTH]
  /** All keys or values so far, from [P + T, B, H, 64] to the order that the product wants. */
  const withPast = (which: 'k' | 'v', added: Value, order: readonly number[]): Value => {
    const fresh = builder.splitHeads(added, [1, 0, 2, 3], `new_${which}_${layer}`)
    graph.output(fresh, 'float32', shape)
    const all = graph.node('Concat', [`past_${which}_${layer}`, fresh], { axis: 0 })
    return graph.node('Transpose', [all], { perm: order })
  }
  const allKeys = withPast('k', keys!, [1, 2, 3, 0])
  const allValues = withPast('v', values!, [1, 2, 0, 3])
  const scores = graph.node('MatMul', [builder.splitHeads(queries!, [0, 2, 1, 3]), allKeys])
  const weights = graph.node('Softmax', [graph.node('Add', [scores, 'mask'])], { axis: -1 })
  const mixed = builder.joinHeads(graph.node('MatMul', [weights, allValues]))
  return graph.node('Add', [state, await builder.linear(mixed, `${name}/linear_1`)])
}

async function crossAttention(
  builder: ModelGraph,
  state: Value,
  layer: number,
  { rows, folded, shown }: { rows: Value; folded: Value; shown: boolean },
): Promise<Value> {
  const { graph, model } = builder
  const name = `decoder/layer_${layer}/attention`
  const normal = await builder.layerNorm(state, `${name}/layer_norm`)
  const [queries] = await builder.linearParts(normal, `${name}/linear_0`, [QUERY_FACTOR])
  const together = graph.node('Reshape', [queries!, folded])
  const asked = builder.splitHeads(together, [0, 2, 1, 3])
  const scores = graph.node('MatMul', [asked, `cross_k_${layer}`])
  const attention = shown ? { name: `attention_${layer}` } : {}
  const weights = graph.node('Softmax', [scores], { axis: -1 }, attention)
  if (shown) graph.output(weights, 'float32', ['BC', model.config.heads, 'Q', 'S'])
  const mixed = builder.joinHeads(graph.node('MatMul', [weights, `cross_v_${layer}`]))
  const apart = graph.node('Reshape', [mixed, rows])
  return graph.node('Add', [state, await builder.linear(apart, `${name}/linear_2`)])
}
