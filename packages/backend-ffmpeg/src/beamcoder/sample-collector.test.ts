import { expect, test } from 'vitest'

import { SampleCollector } from './sample-collector.js'

/** Two pieces of two channels: 1, 2 | 11, 12 and 3 | 13. */
function collected(): SampleCollector {
  const samples = new SampleCollector()
  samples.add(Float32Array.of(1, 2, 11, 12), 2)
  samples.add(Float32Array.of(3, 13), 1)
  return samples
}

test('planar pieces become planar channels', async () => {
  const data = await collected().join(2, undefined, undefined)
  expect([...data]).toEqual([1, 2, 3, 11, 12, 13])
})

test('the caller’s buffer is filled where it is large enough', async () => {
  const out = new Float32Array(8).fill(7)
  expect((await collected().join(2, out, undefined)).buffer).toBe(out.buffer)
  expect([...out]).toEqual([1, 2, 3, 11, 12, 13, 7, 7])
  const short = new Float32Array(5)
  expect([...(await collected().join(2, short, undefined))]).toEqual([1, 2, 3, 11, 12, 13])
  expect(short.every((sample) => sample === 0)).toBe(true)
})

test('after an abort nothing more is written', async () => {
  const samples = new SampleCollector()
  const piece = new Float32Array(1 << 20).fill(1)
  for (let i = 0; i < 8; i++) samples.add(piece, piece.length)
  const out = new Float32Array(8 << 20)
  const controller = new AbortController()
  const pending = samples.join(1, out, controller.signal)
  controller.abort(new Error('enough'))
  await expect(pending).rejects.toThrow('enough')
  const written = out.indexOf(0)
  expect(written).toBeLessThan(out.length / 2)
  await new Promise((done) => setTimeout(done, 20))
  expect(out.indexOf(0)).toBe(written)
})
