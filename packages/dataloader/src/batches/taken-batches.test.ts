import { setTimeout as delay } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

import { expect, test } from 'vitest'

import { createTakenBatches } from './taken-batches.js'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** A batch of so many bytes. */
function batchOf(bytes: number): { data: Uint8Array; lengths: Int32Array } {
  return { data: new Uint8Array(bytes - 16), lengths: new Int32Array(4) }
}

test('batches count from the next one on, until they have been freed', async () => {
  const taken = createTakenBatches(2 ** 30)
  const kept = batchOf(1000)
  taken.add(kept)
  expect(taken.bytes).toBe(0)
  taken.add(batchOf(2000))
  expect(taken.bytes).toBe(1000)
  taken.add(batchOf(500))
  expect(taken.bytes).toBe(3000)
  for (let tries = 0; tries < 50 && taken.bytes > 500; tries++) {
    collectGarbage()
    await delay(5)
  }
  // What is still in use, less as much as the last one had, which may be gone itself.
  expect(taken.bytes).toBe(500)
  expect(kept.data).toHaveLength(984)
})

test('what batches were made of counts at once', () => {
  const taken = createTakenBatches(2 ** 30)
  taken.add(batchOf(1000))
  taken.drop(new Float32Array(100))
  expect(taken.bytes).toBe(400)
})

test('a batch that did not come counts nothing', () => {
  const taken = createTakenBatches(2 ** 30)
  taken.add(batchOf(1000))
  taken.add(undefined)
  expect(taken.bytes).toBe(1000)
})

/** The most that 300 dropped batches of 1 MiB come to, of which the consumer keeps none. */
async function mostOf(mostGathered: number): Promise<number> {
  const taken = createTakenBatches(mostGathered)
  let most = 0
  for (let count = 0; count < 300; count++) {
    taken.add(batchOf(2 ** 20))
    await delay(1)
    most = Math.max(most, taken.bytes)
  }
  return most
}

test('V8 is led to look before much has gathered', async () => {
  // By itself it lets 64 MiB gather.
  expect(await mostOf(2 ** 23)).toBeLessThan(2 ** 25)
})
