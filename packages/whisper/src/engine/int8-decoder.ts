import type { NativeCross, NativeDecoder, ReorderRows } from '../load-binding.js'
import type { CrossAttention, ModelShape } from './cross-attention.js'
import type { Decoder, DecoderScores, DecoderStep } from './decoder.js'
import { KeyValueCache } from './key-value-cache.js'

/** Windows in the addon's memory. */
export class PackedCross implements CrossAttention {
  readonly memory: NativeCross
  readonly slot: number
  readonly audios: number

  constructor(memory: NativeCross, slot: number, audios: number) {
    this.memory = memory
    this.slot = slot
    this.audios = audios
  }

  /** Of the first window; others may have more or fewer. */
  get positions(): number {
    return this.memory.positions(this.slot)
  }
}

/** A decoder in 8-bit numbers, computed by the addon. A step blocks the thread while it runs. */
export class Int8Decoder implements Decoder {
  readonly cache: KeyValueCache
  readonly #native: NativeDecoder
  readonly #reorderRows: ReorderRows
  readonly #shape: ModelShape
  readonly #textContext: number

  constructor(
    native: NativeDecoder,
    reorderRows: ReorderRows,
    shape: ModelShape,
    textContext: number,
  ) {
    this.#native = native
    this.#reorderRows = reorderRows
    this.#shape = shape
    this.#textContext = textContext
    const { decoderLayers, heads, headSize } = shape
    const sizes = { tensors: 2 * decoderLayers, width: heads * headSize, capacity: textContext }
    this.cache = new KeyValueCache(sizes, reorderRows)
  }

  beside(): Decoder {
    return new Int8Decoder(this.#native, this.#reorderRows, this.#shape, this.#textContext)
  }

  async run(step: DecoderStep): Promise<DecoderScores> {
    const { tokens, cross, score, starts, attentionLayers = [] } = step
    const rows = tokens.length
    const count = tokens[0]?.length ?? 0
    if (!(cross instanceof PackedCross)) throw new TypeError('the audio is of another decoder')
    if (rows !== this.cache.rows)
      throw new RangeError(`the cache has ${this.cache.rows} rows, not ${rows}`)
    // Between steps others have their turn: who aborts must be heard.
    await new Promise(setImmediate)
    const past = this.cache.length
    const found = this.#native.run(
      {
        tokens: Uint32Array.from(tokens.flat()),
        positions: Uint32Array.from(
          tokens.flatMap((list, row) =>
            list.map((_, index) => past + index - (starts?.[row] ?? 0)),
          ),
        ),
        rows,
        past,
        starts: Uint32Array.from(starts ?? new Uint32Array(rows)),
        shared: Uint32Array.from(step.shared ?? new Uint32Array(rows)),
        slot: cross.slot,
        audios: cross.audios,
        score: Uint32Array.from(score),
        textMask: step.textMask,
        top: step.top,
        allLogits: step.allLogits ?? false,
        wanted: Uint32Array.from(step.wanted ?? []),
        attentionLayers: Uint32Array.from(attentionLayers),
      },
      this.cache.extend(count),
      cross.memory,
    )
    const part = <T extends Float32Array | Uint32Array>(all: T, row: number, index: number): T => {
      const size = all.length / found.textLogSum.length
      const start = (row * score.length + index) * size
      return all.subarray(start, start + size) as T
    }
    return {
      next: (row, index) => ({
        textValues: part(found.textValues, row, index),
        textIds: part(found.textIds, row, index),
        textLogSum: found.textLogSum[row * score.length + index] ?? -Infinity,
        tail: part(found.tail, row, index),
      }),
      logits: (row, index) => part(found.logits, row, index).slice(),
      wanted: (row, index) => found.wanted[row * score.length + index] ?? -Infinity,
      attention: (layer) => {
        const weights = found.attention[attentionLayers.indexOf(layer)]
        if (weights === undefined)
          throw new RangeError(`the attention of layer ${layer} was not fetched`)
        return weights
      },
    }
  }
}
