import ort from 'onnxruntime-node'
import type { Tensor } from 'onnxruntime-node'

import type { CompiledFiles } from '../../src/compiler/compiled-files.js'
import { loadBinding } from '../../src/load-binding.js'
import type { NativeCross } from '../../src/load-binding.js'
import type { CompiledSessions, Step } from './compiled-sessions.js'

/** The addon's encoder and decoder, with inputs and outputs of the names and shapes that the graphs have. */
export function openInt8(files: CompiledFiles): CompiledSessions {
  const { config, eot } = files
  const { heads, width, vocabulary, layers, mels } = config
  const { NativeDecoder, NativeEncoder } = loadBinding()
  const encoder = new NativeEncoder(files.encoder, 1)
  const decoder = new NativeDecoder(files.decoder, 1)
  const each = Array.from({ length: layers.decoder }, (_, layer) => layer)
  /** What stands for the keys and values that a graph gives. */
  const memories = new WeakMap<Tensor, { cross: NativeCross; audios: number }>()

  const encode: CompiledSessions['encode'] = async (mel, frames, rows = 1) => {
    const cross = decoder.crossMemory(rows)
    const size = mels * frames
    const outputs = Array.from({ length: rows }, (_, slot) => {
      const window = mel.slice(slot * size, (slot + 1) * size)
      return [...encoder.encode(window, frames, { encoder: 0, decoder: 0 }, cross, slot, true)!]
    })
    const hidden = tensor(Float32Array.from(outputs.flat()), rows, frames / 2, width)
    memories.set(hidden, { cross, audios: rows })
    return { hidden }
  }

  const decode: CompiledSessions['decode'] = async (step: Step) => {
    const { ids, past = [], suppressed = [], top = 1 } = step
    const { cross, audios } = memories.get(step.cross['hidden']!)!
    const [rows, count] = [ids.length, ids[0]!.length]
    const before = past.reduce((total, part) => total + part['new_k_0']!.dims[0]!, 0)
    const caches = each.flatMap((layer) =>
      ['k', 'v'].map((kind) => {
        const parts = past.flatMap((one) => [...numbers(one[`new_${kind}_${layer}`])])
        const cache = new Float32Array(parts.length + count * rows * width)
        cache.set(parts)
        return cache
      }),
    )
    const score = Uint32Array.from(step.wanted ?? ids[0]!.map((_, at) => at))
    const textMask = new Float32Array(eot)
    for (const id of suppressed) if (id < eot) textMask[id] = -1e30
    const found = decoder.run(
      {
        tokens: Uint32Array.from(ids.flat()),
        positions: Uint32Array.from(ids.flatMap((row) => row.map((_, at) => before + at))),
        rows,
        past: before,
        starts: new Uint32Array(rows),
        shared: new Uint32Array(rows),
        slot: 0,
        audios,
        score,
        textMask,
        top,
        allLogits: true,
        wanted: new Uint32Array(),
        attentionLayers: Uint32Array.from(each),
      },
      caches,
      cross,
    )
    const some = [rows, score.length] as const
    const out: Record<string, Tensor> = {
      logits: tensor(found.logits, ...some, vocabulary),
      tail: tensor(found.tail, ...some, vocabulary - eot),
      text_values: tensor(found.textValues, ...some, top),
      text_ids: new ort.Tensor('int64', BigInt64Array.from(found.textIds, BigInt), [...some, top]),
      text_log_sum: tensor(found.textLogSum, ...some),
    }
    for (const layer of each) {
      for (const [kind, name] of ['k', 'v'].entries()) {
        const fresh = caches[2 * layer + kind]!.subarray(before * rows * width)
        out[`new_${name}_${layer}`] = tensor(fresh, count, rows, heads, width / heads)
      }
      const looks = found.attention[layer]!
      const asking = (rows / audios) * count
      const positions = looks.length / (audios * heads * asking)
      out[`attention_${layer}`] = tensor(looks, audios, heads, asking, positions)
    }
    return out
  }

  return { encode, decode, close: () => Promise.resolve() }
}

function tensor(data: Float32Array, ...shape: readonly number[]): Tensor {
  return new ort.Tensor('float32', data, shape)
}

function numbers(one: Tensor | undefined): Float32Array {
  return one!.data as Float32Array
}
