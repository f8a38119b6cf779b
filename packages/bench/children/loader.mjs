// An epoch of AudioDataLoader in a fresh process: `loader.mjs FILES OPTIONS CONSUMER MS`, where FILES is a file with a JSON list of items.
// CONSUMER 'computes' on the main thread, as JavaScript does, or 'sleeps', as while another device works, for MS each batch.
import { readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'

import '@audiodecode/backend-rust'
import { AudioDataLoader } from '@audiodecode/dataloader'

import { peakBytes } from './peak-bytes.mjs'

const [list, options, consumer, ms] = process.argv.slice(2)
const items = JSON.parse(await readFile(list, 'utf8'))
const importedBytes = await peakBytes()

const loader = new AudioDataLoader(items, JSON.parse(options))
let batches = 0
let waitedMs = 0
let batchBytes = 0
const startedAt = performance.now()
let askedAt = startedAt
for await (const { data } of loader) {
  const takenAt = performance.now()
  waitedMs += takenAt - askedAt
  batches++
  batchBytes = Math.max(batchBytes, data.byteLength)
  const until = takenAt + Number(ms)
  if (consumer === 'sleeps') await delay(Number(ms))
  else while (performance.now() < until);
  askedAt = performance.now()
}
const tookMs = performance.now() - startedAt
const { concurrency, decodedSeconds } = loader.stats
await loader.close()
console.log(
  JSON.stringify({
    batches,
    tookMs,
    waitedMs,
    concurrency,
    decodedSeconds,
    batchBytes,
    importedBytes,
    peakBytes: await peakBytes(),
  }),
)
