import ort from 'onnxruntime-node'
import type { Tensor } from 'onnxruntime-node'

import type { CompiledFiles } from '../../src/compiler/compiled-files.js'
import { loadBinding } from '../../src/load-binding.js'
import type { Step } from './compiled-sessions.js'

type Feeds = Readonly<Record<string, Tensor>>

/** The addon's decoder, with inputs and outputs of the names and shapes that the graph has. */
export function openInt8Decoder({
  config,
  decoder,
  eot,
}: CompiledFiles): (step: Step, feeds: Feeds) => Record<string, Tensor> {
  const { heads, width, vocabulary, layers } = config
  const native = new (loadBinding().NativeDecoder)(decoder.path, 1)
  const each = Array.from({ length: layers.decoder }, (_, layer) => layer)
  const floats = (feeds: Feeds, name: string): Float32Array => feeds[name]!.data as Float32Array
  const integers = (feeds: Feeds, name: string): Uint32Array =>
    Uint32Array.from(feeds[name]!.data as BigInt64Array, Number)

  return (step, feeds) => {
    const [rows, count] = feeds['ids']!.dims as [number, number]
    const [audios] = feeds['cross_k_0']!.dims as [number]
    const [past] = feeds['past_k_0']!.dims as [number]
    const size = floats(feeds, 'cross_k_0').length / audios
    const cross = native.crossMemory(audios)
    for (let slot = 0; slot < audios; slot++) {
      const part = (name: string): Float32Array =>
        floats(feeds, name).slice(slot * size, (slot + 1) * size)
      const keys = each.map((layer) => part(`cross_k_${layer}`))
      const values = each.map((layer) => part(`cross_v_${layer}`))
      cross.store(slot, keys, values)
    }
    const before = past * rows * width
    const caches = each.flatMap((layer) =>
      ['k', 'v'].map((kind) => {
        const cache = new Float32Array(before + count * rows * width)
        cache.set(floats(feeds, `past_${kind}_${layer}`))
        return cache
      }),
    )
    const score = integers(feeds, 'logit_positions')
    const found = native.run(
      {
        tokens: integers(feeds, 'ids'),
        positions: integers(feeds, 'positions'),
        rows,
        past,
        starts: new Uint32Array(rows),
        slot: 0,
        audios,
        score,
        textMask: floats(feeds, 'text_mask'),
        top: step.top ?? 1,
        allLogits: true,
        attentionLayers: Uint32Array.from(each),
      },
      caches,
      cross,
    )
    const tensor = (data: Float32Array, ...shape: readonly number[]): Tensor =>
      new ort.Tensor('float32', data, shape)
    const some = [rows, score.length] as const
    const top = found.textIds.length / (rows * score.length)
    const out: Record<string, Tensor> = {
      logits: tensor(found.logits, ...some, vocabulary),
      tail: tensor(found.tail, ...some, vocabulary - eot),
      text_values: tensor(found.textValues, ...some, top),
      text_ids: new ort.Tensor('int64', BigInt64Array.from(found.textIds, BigInt), [...some, top]),
      text_log_sum: tensor(found.textLogSum, ...some),
    }
    for (const layer of each) {
      for (const [kind, name] of ['k', 'v'].entries()) {
        const fresh = caches[2 * layer + kind]!.subarray(before)
        out[`new_${name}_${layer}`] = tensor(fresh, count, rows, heads, width / heads)
      }
      const looks = found.attention[layer]!
      const asking = (rows / audios) * count
      const positions = looks.length / (audios * heads * asking)
      out[`attention_${layer}`] = tensor(looks, audios, heads, asking, positions)
    }
    return out
  }
}
