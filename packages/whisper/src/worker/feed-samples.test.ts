import { setImmediate } from 'node:timers/promises'

import { expect, test } from 'vitest'

import { SampleFeed } from './feed-samples.js'
import type { TaskInput } from './protocol.js'
import type { RunningJob } from './worker-client.js'

const BLOCK = 1 << 17

/** A job that takes blocks only when told to. */
function slowJob() {
  const sent: TaskInput[] = []
  const given: ArrayBuffer[] = []
  let finish: (seconds: number) => void = () => {}
  const done = new Promise<number>((resolve) => {
    finish = resolve
  })
  const job: RunningJob = {
    done,
    send: (input, transfer = []) => {
      sent.push(input)
      given.push(...transfer)
    },
  }
  return { job, sent, given, finish }
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await setImmediate()
}

const blocksOf = (sent: readonly TaskInput[]): Float32Array[] =>
  sent.flatMap((input) => (input.kind === 'samples' ? [input.samples] : []))

test('samples go in copied pieces, one in a turn of the event loop, and never many at once', async () => {
  const samples = Float32Array.from({ length: 10 * BLOCK + 5 }, (_, index) => index)
  const { job, sent, given } = slowJob()
  const feed = new SampleFeed(samples, false)
  const sending = feed.send(job)
  expect(sent).toHaveLength(1)
  await turns(30)
  // The job has taken none of them.
  expect(sent).toHaveLength(8)
  feed.hear({ kind: 'took' })
  await turns(3)
  expect(sent).toHaveLength(9)
  for (let block = 0; block < 10; block++) feed.hear({ kind: 'took' })
  await sending
  expect(sent.at(-1)).toEqual({ kind: 'end' })
  const blocks = blocksOf(sent)
  expect(blocks.map(({ length }) => length)).toEqual([...Array<number>(10).fill(BLOCK), 5])
  expect(blocks.every(({ buffer }) => buffer !== samples.buffer)).toBe(true)
  expect(given).toEqual(blocks.map(({ buffer }) => buffer))
  expect(blocks.map((block) => block[0])).toEqual(blocks.map((_, index) => index * BLOCK))
})

test('samples that nobody else holds are handed over as they are', async () => {
  const samples = new Float32Array(3 * BLOCK)
  const { job, sent, given } = slowJob()
  await new SampleFeed(samples, true).send(job)
  expect(blocksOf(sent)[0]).toBe(samples)
  expect(sent).toHaveLength(2)
  expect(given[0]).toBe(samples.buffer)
})

test('a part of a buffer is never handed over', async () => {
  const { job, given } = slowJob()
  const whole = new Float32Array(100)
  await new SampleFeed(whole.subarray(10), true).send(job)
  expect(given).toHaveLength(1)
  expect(given[0]).not.toBe(whole.buffer)
})

test('nothing more is sent once the job has ended', async () => {
  const { job, sent, finish } = slowJob()
  const sending = new SampleFeed(new Float32Array(20 * BLOCK), false).send(job)
  await turns(30)
  finish(0)
  await sending
  expect(sent).toHaveLength(8)
})
