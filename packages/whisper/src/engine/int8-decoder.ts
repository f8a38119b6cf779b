import type { Int8Binding, NativeCross, NativeInt8Decoder } from '../load-binding.js'
import type { AudioSlots, CrossAttention, FloatCross, ModelShape } from './cross-attention.js'
import { crossValues, FloatSlots } from './cross-attention.js'
import type { Decoder, DecoderScores, DecoderStep } from './decoder.js'
import { KeyValueCache } from './key-value-cache.js'

/** Windows in the addon's memory. */
class PackedCross implements CrossAttention {
  readonly memory: NativeCross
  readonly slot: number
  readonly audios: number
  readonly positions: number

  constructor(memory: NativeCross, slot: number, audios: number, positions: number) {
    this.memory = memory
    this.slot = slot
    this.audios = audios
    this.positions = positions
  }
}

/** What decoders of the same weights share. */
interface Shared {
  readonly native: NativeInt8Decoder
  readonly shape: ModelShape
  readonly textContext: number
}

/** A decoder in 8-bit numbers, computed by the addon. A step blocks the thread while it runs. */
export class Int8Decoder implements Decoder {
  readonly cache: KeyValueCache
  readonly #shared: Shared
  #looked: NativeCross | null = null

  private constructor(shared: Shared) {
    this.#shared = shared
    const { decoderLayers, heads, headSize } = shared.shape
    this.cache = new KeyValueCache({
      layers: decoderLayers,
      width: heads * headSize,
      capacity: shared.textContext,
    })
  }

  /** Loads the weights of a compiled model, to compute on so many threads. */
  static load(
    binding: Int8Binding,
    path: string,
    { shape, textContext, threads }: { shape: ModelShape; textContext: number; threads: number },
  ): Int8Decoder {
    return new Int8Decoder({ native: new binding.NativeDecoder(path, threads), shape, textContext })
  }

  look(cross: FloatCross): CrossAttention {
    const memory = (this.#looked ??= this.#shared.native.crossMemory(1))
    store(memory, 0, cross, this.#shared.shape)
    return new PackedCross(memory, 0, 1, cross.positions)
  }

  slots(windows: number, positions: number): AudioSlots {
    return new PackedSlots(this.#shared, windows, positions)
  }

  beside(): Decoder {
    return new Int8Decoder(this.#shared)
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
    const found = this.#shared.native.run(
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
        slot: cross.slot,
        audios: cross.audios,
        score: Uint32Array.from(score),
        textMask: step.textMask,
        top: step.top,
        allLogits: step.allLogits ?? false,
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
      attention: (layer) => {
        const weights = found.attention[attentionLayers.indexOf(layer)]
        if (weights === undefined)
          throw new RangeError(`the attention of layer ${layer} was not fetched`)
        return weights
      },
    }
  }
}

/** Windows that the encoder writes as floats, one after the other, and that are kept in the addon's form. */
class PackedSlots implements AudioSlots {
  readonly #shape: ModelShape
  readonly #memory: NativeCross
  readonly #floats: FloatSlots

  constructor({ native, shape }: Shared, windows: number, positions: number) {
    this.#shape = shape
    this.#memory = native.crossMemory(windows)
    this.#floats = new FloatSlots(shape, 1, positions)
  }

  async fill(place: number, encode: (target: FloatCross) => Promise<void>): Promise<void> {
    const target = this.#floats.view(0, 1)
    await encode(target)
    store(this.#memory, place, target, this.#shape)
  }

  view(first: number, audios: number): CrossAttention {
    return new PackedCross(this.#memory, first, audios, this.#floats.positions)
  }

  move(from: number, to: number): void {
    this.#memory.moveSlot(from, to)
  }
}

function store(
  memory: NativeCross,
  slot: number,
  cross: FloatCross,
  { decoderLayers }: ModelShape,
): void {
  const layers = Array.from({ length: decoderLayers }, (_, layer) => layer)
  memory.store(
    slot,
    layers.map((layer) => crossValues(cross, layer, 0)),
    layers.map((layer) => crossValues(cross, layer, 1)),
  )
}
