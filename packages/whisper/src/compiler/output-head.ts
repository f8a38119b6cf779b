import type { ModelGraph } from './model-graph.js'
import type { Value } from './onnx-graph.js'
import { integers } from './onnx-types.js'

/** The table of tokens at both ends of the decoder: from ids to vectors, and from vectors to the scores of tokens. */
export interface OutputHead {
  /** Vectors of `ids` [B, T]. */
  embed(ids: Value): Promise<Value>
  /** Declares all outputs that are made of the scores of `state` [B, N, D]. */
  logits(state: Value): void
}

/** Makes the head of a decoder. */
export function createOutputHead(builder: ModelGraph): OutputHead {
  return {
    embed: async (ids) => embed(builder, ids),
    logits: (state) => choices(builder, scores(builder, state)),
  }
}

const TABLE = 'decoder/embeddings/weight'

async function embed(builder: ModelGraph, ids: Value): Promise<Value> {
  // One table serves both ends.
  return builder.graph.node('Gather', [await builder.weight(TABLE), ids])
}

/** [B, N, D] → [B, N, V] */
function scores(builder: ModelGraph, state: Value): Value {
  const { graph, model } = builder
  const { vocabulary, width } = model.config
  const list = graph.node('Reshape', [state, graph.constant('shape/list', integers(-1, width))])
  const product = graph.node('Gemm', [list, TABLE], { transB: 1 })
  const exact = builder.exact(product)
  const shape = [builder.sizeOf(state, 0), graph.constant('list/scores', integers(-1, vocabulary))]
  return graph.node('Reshape', [exact, graph.node('Concat', shape, { axis: 0 })])
}

/**
 * What a decoder needs to choose a token, so that the scores of 50,000 tokens need not be copied at each step: the best k of the
 * text with the logarithm of the sum of all text, and the scores from `<|endoftext|>` on.
 */
function choices(builder: ModelGraph, logits: Value): void {
  const { graph, model } = builder
  const { vocabulary, endOfText } = model.config
  const mask = graph.input('text_mask', 'float32', ['EOT'])
  const count = graph.input('top', 'int64', [1])
  const part = (from: number, to: number, name: Value): Value => {
    const limit = (id: number): Value => graph.constant(`list/${id}`, integers(id))
    return graph.node('Slice', [logits, limit(from), limit(to), limit(2)], {}, { name })
  }
  graph.node('Identity', [logits], {}, { name: 'logits' })
  graph.output('logits', 'float32', ['B', 'N', vocabulary])
  part(endOfText, vocabulary, 'tail')
  graph.output('tail', 'float32', ['B', 'N', vocabulary - endOfText])
  const text = graph.node('Add', [part(0, endOfText, 'text'), mask])
  graph.nodes('TopK', [text, count], ['text_values', 'text_ids'], { axis: -1 })
  graph.output('text_values', 'float32', ['B', 'N', 'K'])
  graph.output('text_ids', 'int64', ['B', 'N', 'K'])
  logSum(builder, text, 'text_log_sum')
  graph.output('text_log_sum', 'float32', ['B', 'N'])
}

/** Logarithm of the sum of the exponentials of the last dimension. ReduceLogSumExp takes seven times as long and is less exact. */
function logSum({ graph }: ModelGraph, values: Value, name: Value): void {
  const last = graph.constant('list/last', integers(-1))
  const most = graph.node('ReduceMax', [values], { axes: [-1], keepdims: 1 })
  const shares = graph.node('Exp', [graph.node('Sub', [values, most])])
  const sum = graph.node('ReduceSum', [shares, last], { keepdims: 0 })
  const base = graph.node('Squeeze', [most, last])
  graph.node('Add', [base, graph.node('Log', [sum])], {}, { name })
}
