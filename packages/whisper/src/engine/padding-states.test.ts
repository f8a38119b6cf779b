import { expect, test } from 'vitest'

import { FloatSlots } from './cross-attention.js'
import type { FloatCross } from './cross-attention.js'
import { layout as layoutOf } from './graph-layout.js'
import { copyCross, PaddingStates } from './padding-states.js'
import { LENT_TO_ENCODER } from './short-audio.js'

const layout = layoutOf({ decoderLayers: 2, heads: 2, headSize: 2 }).cross
const shape = { width: 4, layout }

const empty = (positions: number): FloatCross => new FloatSlots(layout, 1, positions).view(0, 1)

function dataOf(cross: FloatCross, name: string): Float32Array {
  const data = cross.tensors[name]?.data
  if (!(data instanceof Float32Array)) throw new TypeError(`there is no ${name}`)
  return data
}

/** Numbers that say where they stand: layer, key or value, head, number of the head, position. */
function numbered(positions: number, sign: number): FloatCross {
  const cross = empty(positions)
  for (const name of Object.keys(cross.tensors)) {
    const data = dataOf(cross, name)
    const base = 1000 * Number(name.at(-1)) + (name.startsWith('cross_k') ? 0 : 500)
    for (let head = 0; head < 2; head++) {
      for (let number = 0; number < 2; number++) {
        for (let position = 0; position < positions; position++) {
          const at = name.startsWith('cross_k')
            ? (head * 2 + number) * positions + position
            : (head * positions + position) * 2 + number
          data[at] = sign * (base + 100 * head + 50 * number + position + 1)
        }
      }
    }
  }
  return cross
}

test("audio's own keys and values stand before those of the padding at the same places", () => {
  const target = empty(5)
  copyCross(layout, numbered(2, -1), 0, target, 0, 2)
  new PaddingStates(shape, new Map(), numbered(8, 1)).fill(target, 2)
  const [own, padding] = [numbered(5, -1), numbered(5, 1)]
  for (const name of Object.keys(target.tensors)) {
    const positionOf = (at: number): number =>
      name.startsWith('cross_k') ? at % 5 : Math.floor(at / 2) % 5
    const behind = dataOf(padding, name)
    const expected = dataOf(own, name).map((value, at) =>
      positionOf(at) < 2 ? value : (behind[at] ?? 0),
    )
    expect([...dataOf(target, name)], name).toEqual([...expected])
  }
})

test('the encoder is lent what stands behind the audio', () => {
  const width = 4
  const states = Float32Array.from({ length: width * 600 }, (_, index) => Math.floor(index / width))
  const padding = new PaddingStates(shape, new Map([['encoder_k_0', states]]), numbered(1, 1))
  const lent = padding.behind(150)['padding_k_0']
  expect(lent?.dims).toEqual([1, LENT_TO_ENCODER, width])
  expect([lent?.data.at(0), lent?.data.at(-1)]).toEqual([150, 549])
})
