import ort from 'onnxruntime-node'
import type { InferenceSession, Tensor } from 'onnxruntime-node'

import type { ReorderRows } from '../load-binding.js'
import type { CrossAttention, FloatCross } from './cross-attention.js'
import type { Decoder, DecoderScores, DecoderStep } from './decoder.js'
import type { GraphLayout } from './graph-layout.js'
import { KeyValueCache } from './key-value-cache.js'

/** The decoder's graph with the keys and values of the tokens so far. */
export class OnnxDecoder implements Decoder {
  readonly cache: KeyValueCache
  readonly #session: InferenceSession
  readonly #layout: GraphLayout
  readonly #noMask: Float32Array<ArrayBuffer>
  readonly #reorderRows: ReorderRows | undefined

  /** `reorderRows`: the addon's, where there is one. */
  constructor(
    session: InferenceSession,
    layout: GraphLayout,
    textContext: number,
    reorderRows?: ReorderRows,
  ) {
    this.#session = session
    this.#layout = layout
    this.#noMask = new Float32Array(textContext + 1)
    this.#reorderRows = reorderRows
    const { past, pastWidth: width } = layout
    const sizes = { tensors: past.length, width, capacity: textContext }
    this.cache = new KeyValueCache(sizes, reorderRows)
  }

  beside(): Decoder {
    return new OnnxDecoder(this.#session, this.#layout, this.#noMask.length - 1, this.#reorderRows)
  }

  async run(step: DecoderStep): Promise<DecoderScores> {
    const { tokens, cross, score } = step
    const past = this.cache.length
    const rows = tokens.length
    const count = tokens[0]?.length ?? 0
    if (rows !== this.cache.rows)
      throw new RangeError(`the cache has ${this.cache.rows} rows, not ${rows}`)

    const feeds: Record<string, Tensor> = {
      ...tensorsOf(cross),
      ids: int64(tokens.flat(), [rows, count]),
      positions: int64(
        tokens.flatMap((list, row) =>
          list.map((_, index) => past + index - (step.starts?.[row] ?? 0)),
        ),
        [rows, count],
      ),
      logit_positions: int64(score, [score.length]),
      mask: this.#mask(past, count, step.starts),
      text_mask: new ort.Tensor('float32', step.textMask, [step.textMask.length]),
      top: int64([step.top], [1]),
    }
    const fetches: Record<string, Tensor | null> = {
      text_values: null,
      text_ids: null,
      text_log_sum: null,
      tail: null,
    }
    if (step.allLogits === true || step.wanted !== undefined) fetches['logits'] = null
    for (const layer of step.attentionLayers ?? []) fetches[`attention_${layer}`] = null
    // The graph reads the cache where it is, and writes what is new behind it.
    const parts = this.#layout.past
    for (const [index, part] of parts.entries()) {
      const values = this.cache.past(index)
      feeds[part.past] = new ort.Tensor('float32', values, part.dims(past, rows))
    }
    this.cache.extend(count)
    for (const [index, part] of parts.entries()) {
      const values = this.cache.last(index, count)
      fetches[part.added] = new ort.Tensor('float32', values, part.dims(count, rows))
    }
    const results = await this.#session.run(feeds, fetches)
    return readScores(results, step)
  }

  /** Nothing after itself is seen by a token, nor anything before its row's start. */
  #mask(past: number, count: number, starts: readonly number[] = []): Tensor {
    const length = past + count
    const differ = starts.some((start) => start > 0)
    if (count === 1 && !differ) {
      return new ort.Tensor('float32', this.#noMask.subarray(0, length), [1, 1, 1, length])
    }
    const rows = differ ? starts : [0]
    const mask = new Float32Array(rows.length * count * length)
    for (const [row, start] of rows.entries()) {
      for (let index = 0; index < count; index++) {
        const line = (row * count + index) * length
        mask.fill(HIDDEN, line, line + start)
        mask.fill(HIDDEN, line + past + index + 1, line + length)
      }
    }
    return new ort.Tensor('float32', mask, [rows.length, 1, count, length])
  }
}

function tensorsOf(cross: CrossAttention): FloatCross['tensors'] {
  if (!('tensors' in cross)) throw new TypeError('the audio is of another decoder')
  return (cross as FloatCross).tensors
}

/** Added to a score, so that its softmax is 0; half precision has it too. */
const HIDDEN = -6e4

function readScores(
  results: InferenceSession.ReturnType,
  { score, wanted = [] }: DecoderStep,
): DecoderScores {
  const scored = score.length
  const values = floats(results, 'text_values')
  const ids = results['text_ids']?.data
  const sums = floats(results, 'text_log_sum')
  const tail = floats(results, 'tail')
  if (!(ids instanceof BigInt64Array)) throw new TypeError('the decoder gave no token ids')
  const at = <T extends Float32Array | BigInt64Array>(all: T, row: number, index: number): T => {
    const size = all.length / sums.length
    const start = (row * scored + index) * size
    return all.subarray(start, start + size) as T
  }
  return {
    next: (row, index) => ({
      textValues: at(values, row, index),
      textIds: at(ids, row, index),
      textLogSum: sums[row * scored + index] ?? -Infinity,
      tail: at(tail, row, index),
    }),
    logits: (row, index) => at(floats(results, 'logits'), row, index).slice(),
    wanted: (row, index) => {
      const token = wanted[row * scored + index] ?? -1
      return at(floats(results, 'logits'), row, index)[token] ?? -Infinity
    },
    attention: (layer) => floats(results, `attention_${layer}`),
  }
}

function floats(results: InferenceSession.ReturnType, name: string): Float32Array {
  const data = results[name]?.data
  if (!(data instanceof Float32Array)) throw new TypeError(`the decoder gave no ${name}`)
  return data
}

function int64(values: readonly number[], shape: readonly number[]): Tensor {
  return new ort.Tensor('int64', BigInt64Array.from(values, BigInt), shape)
}
