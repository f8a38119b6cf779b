import { HEAD_WIDTH } from '../models/model-shapes.js'
import { joinLinear, linear, linearParts } from './linear.js'
import type { LinearWeights } from './linear.js'
import type { ModelGraph } from './model-graph.js'
import type { Value } from './onnx-graph.js'
import { integers } from './onnx-types.js'
import type { OutputHead } from './output-head.js'

/** Folded into the queries' weights. */
const QUERY_FACTOR = HEAD_WIDTH ** -0.5

/**
 * Whisper's decoder for graphics cards, in half precision. As `buildDecoder`, but where a step there reads as little as it can, here it is
 * made of few operators, each of which takes onnxruntime some microseconds to begin, and takes few tensors:
 *
 * - `hidden` [BC, S, D], from the encoder, instead of keys and values of the audio, which are worked out anew at every step: that takes less
 *   time than to hand them over (1,500 positions of large-v3 are 8 MB, their keys and values 491);
 * - `past` [P, B, 2 · layers · D] and `new` [T, B, 2 · layers · D]: keys of layer 0, values of layer 0, keys of layer 1, …
 */
export async function buildHalfDecoder(builder: ModelGraph, head: OutputHead): Promise<void> {
  const { graph, model } = builder
  const { width, layers, alignmentHeads } = model.config
  const ids = graph.input('ids', 'int64', ['B', 'T'])
  const positions = graph.input('positions', 'int64', ['B', 'T'])
  const wanted = graph.input('logit_positions', 'int64', ['N'])
  const mask = builder.input('mask', ['MB', 1, 'T', 'PT'])
  const hidden = builder.input('hidden', ['BC', 'S', width])
  const size = 2 * layers.decoder * width
  const past = split(builder, turned(builder, builder.input('past', ['P', 'B', size])), 'past')
  const heard = split(builder, await heardKeys(builder, hidden), 'heard')
  const places = await builder.weight('decoder/position_encodings/encodings')
  const embedded = await head.embed(ids)
  let state = graph.node('Add', [embedded, graph.node('Gather', [places, positions])])
  const rows = graph.node('Shape', [state])
  const audios = builder.sizeOf(hidden, 0)
  const rest = graph.constant('list/rest', integers(-1, width))
  const folded = graph.node('Concat', [audios, rest], { axis: 0 })
  const aligned = new Set(alignmentHeads.map(([layer]) => layer))
  const fresh: Value[] = []
  for (let layer = 0; layer < layers.decoder; layer++) {
    const pair = (of: readonly Value[]): readonly Value[] => of.slice(2 * layer, 2 * layer + 2)
    const attended = await selfAttention(builder, state, layer, { past: pair(past), mask })
    fresh.push(...attended.fresh)
    const [keys, values] = pair(heard)
    state = await crossAttention(builder, attended.state, layer, {
      parts: [keys!, values!],
      rows,
      folded,
      shown: aligned.has(layer),
    })
    state = await builder.feedForward(state, `decoder/layer_${layer}`)
  }
  await builder.output('new', ['T', 'B', size], () =>
    turned(builder, graph.node('Concat', fresh, { axis: 2 })),
  )
  const last = graph.node('Gather', [state, wanted], { axis: 1 })
  head.logits(await builder.layerNorm(last, 'decoder/layer_norm'))
}

/** Keys and values of all layers side by side, by one product: [BC, S, 2 · layers · D]. */
async function heardKeys({ graph, model, kind }: ModelGraph, hidden: Value): Promise<Value> {
  const parts: LinearWeights[] = []
  for (let layer = 0; layer < model.config.layers.decoder; layer++) {
    const name = `decoder/layer_${layer}/attention/linear_1`
    parts.push(...(await linearParts(model, name, [1, 1])))
  }
  return linear(graph, kind, 'decoder/heard', hidden, joinLinear(parts))
}

/** What lies side by side in the last dimension, for keys and values of each layer. */
function split({ graph, model }: ModelGraph, all: Value, name: string): readonly Value[] {
  const count = 2 * model.config.layers.decoder
  const parts = Array.from({ length: count }, (_, index) => `${name}/${index}`)
  graph.nodes('Split', [all], parts, { axis: 2 })
  return parts
}

/** [P, B, …] ↔ [B, P, …] */
function turned({ graph }: ModelGraph, value: Value): Value {
  return graph.node('Transpose', [value], { perm: [1, 0, 2] })
}

async function selfAttention(
  builder: ModelGraph,
  state: Value,
  layer: number,
  { past, mask }: { past: readonly Value[]; mask: Value },
): Promise<{ readonly state: Value; readonly fresh: readonly Value[] }> {
  const { graph } = builder
  const name = `decoder/layer_${layer}/self_attention`
  const normal = await builder.layerNorm(state, `${name}/layer_norm`)
  const factors = [QUERY_FACTOR, 1, 1]
  const [queries, ...fresh] = await builder.linearParts(normal, `${name}/linear_0`, factors)
  const all = fresh.map((added, index) => graph.node('Concat', [past[index]!, added], { axis: 1 }))
  const mixed = await attend(builder, [queries!, all[0]!, all[1]!], { mask })
  const added = await builder.linear(mixed, `${name}/linear_1`)
  return { state: graph.node('Add', [state, added]), fresh }
}

async function crossAttention(
  builder: ModelGraph,
  state: Value,
  layer: number,
  given: { parts: readonly [Value, Value]; rows: Value; folded: Value; shown: boolean },
): Promise<Value> {
  const { graph } = builder
  const name = `decoder/layer_${layer}/attention`
  const normal = await builder.layerNorm(state, `${name}/layer_norm`)
  const [queries] = await builder.linearParts(normal, `${name}/linear_0`, [QUERY_FACTOR])
  // Rows that listen to the same audio lie side by side.
  const together = graph.node('Reshape', [queries!, given.folded])
  const shown = given.shown ? { shown: `attention_${layer}` } : {}
  const mixed = await attend(builder, [together, ...given.parts], shown)
  const apart = graph.node('Reshape', [mixed, given.rows])
  return graph.node('Add', [state, await builder.linear(apart, `${name}/linear_2`)])
}

/**
 * Attention of queries [B, T, D] to keys and values [B, S, D]; its weights come out as `attention_L` when they are `shown`.
 *
 * In its steps: what onnxruntime has for the whole lets cuDNN work out a plan for each length there is, 50 ms for every token.
 */
async function attend(
  builder: ModelGraph,
  [queries, keys, values]: readonly [Value, Value, Value],
  { mask, shown }: { mask?: Value; shown?: Value },
): Promise<Value> {
  const { graph, model } = builder
  const product = graph.node('MatMul', [
    builder.splitHeads(queries, [0, 2, 1, 3]),
    builder.splitHeads(keys, [0, 2, 3, 1]),
  ])
  const scores = mask === undefined ? product : graph.node('Add', [product, mask])
  const softmax = (): Value => graph.node('Softmax', [scores], { axis: -1 })
  const shape = ['BC', model.config.heads, 'Q', 'S']
  const weights = shown === undefined ? softmax() : await builder.output(shown, shape, softmax)
  const mixed = graph.node('MatMul', [weights, builder.splitHeads(values, [0, 2, 1, 3])])
  return builder.joinHeads(mixed)
}
