import { expect, test } from 'vitest'

import { PacketBatches } from './packet-batches.mjs'

/** Packets of one tick each, at these times. */
const packet = (dts, more = {}) => ({ dts, duration: 1, flags: {}, side_data: null, ...more })
const frame = (time) => ({ time })

/** A signal that writes down what it is given: times of frames, and 'lost' with the time of the packet. */
function notes() {
  const list = []
  return {
    list,
    take: (frames) => list.push(...frames.map(({ time }) => time)),
    conceal: ({ dts }) => list.push(`lost ${dts}`),
  }
}

/** Sizes of the batches that packets at these times come in. */
const sizes = (batches, packets) =>
  packets.flatMap((one) => batches.add(one).map(({ length }) => length)).filter((size) => size > 0)

test('batches grow, from the first packet alone', () => {
  const packets = Array.from({ length: 200 }, (_, i) => packet(i))
  expect(sizes(new PacketBatches('aac', false), packets)).toEqual([1, 2, 4, 8, 16, 32, 64, 64])
})

test('packets stay alone when careful, where the times do not tell them apart, and where some give nothing by nature', () => {
  const packets = Array.from({ length: 5 }, (_, i) => packet(i))
  expect(sizes(new PacketBatches('aac', true), packets)).toEqual([1, 1, 1, 1, 1])
  expect(sizes(new PacketBatches('wmav2', false), packets)).toEqual([1, 1, 1, 1, 1])
  const same = [0, 1, 1, 2, 3, 4].map((dts) => packet(dts))
  expect(sizes(new PacketBatches('aac', false), same)).toEqual([1, 1, 1, 1, 1, 1])
  const cut = packet(2, { side_data: { skip_samples: [] } })
  expect(sizes(new PacketBatches('aac', false), [packet(0), packet(1), cut])).toEqual([1, 1, 1])
})

test('a packet without frames is lost, and those behind the first one are given back', () => {
  const signal = notes()
  const packets = [0, 1, 2, 3, 4, 5].map((dts) => packet(dts))
  const batches = new PacketBatches('aac', false)
  const rest = batches.giveOut(packets, [0, 2].map(frame), signal)
  expect(signal.list).toEqual([0, 'lost 1', 2, 'lost 3'])
  expect(rest).toEqual(packets.slice(4))
  expect(batches.giveOut(rest, [4, 5].map(frame), signal)).toEqual([])
  expect(signal.list).toEqual([0, 'lost 1', 2, 'lost 3', 4, 5])
})

test('nothing is lost where packets may give nothing: the first of Vorbis, headers, what the container cuts', () => {
  const signal = notes()
  const vorbis = new PacketBatches('vorbis', false)
  vorbis.giveOut([packet(0)], [], signal)
  expect(signal.list).toEqual([])
  vorbis.giveOut([packet(1)], [], signal)
  expect(signal.list).toEqual(['lost 1'])
  const aac = new PacketBatches('aac', false)
  for (const more of [{ duration: 0 }, { flags: { DISCARD: true } }, { side_data: {} }]) {
    aac.giveOut([packet(2, more)], [], signal)
  }
  new PacketBatches('wmav2', false).giveOut([packet(3)], [], signal)
  expect(signal.list).toEqual(['lost 1'])
})

test('frames of times that no packet has are all taken', () => {
  const signal = notes()
  const packets = [0, 1].map((dts) => packet(dts))
  expect(new PacketBatches('aac', false).giveOut(packets, [0, 7].map(frame), signal)).toEqual([])
  expect(signal.list).toEqual([0, 7])
})
