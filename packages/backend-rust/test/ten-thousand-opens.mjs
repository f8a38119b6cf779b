// Opens small files thousands of times, good and broken ones, from paths and from bytes, in every way there is, and prints
// the memory of the process on the way. A child of memory.test.ts: the numbers have to be of a process that does nothing else.
import { readFileSync, readdirSync } from 'node:fs'

import { AudioDecoder, info, isAudioDecodeError, load } from '@audiodecode/core'
import '@audiodecode/backend-rust'

const [good, broken, count] = process.argv.slice(2)
const ROUNDS = Number(count)
const AT_ONCE = 8

// Half of them as paths, half as bytes.
const inputs = [good, broken].flatMap((folder) =>
  JSON.parse(readFileSync(`${good}/manifest.json`, 'utf8'))
    .map(({ file }) => `${folder}/${file}`)
    .flatMap((path) => [path, new Uint8Array(readFileSync(path))]),
)

const ways = [
  (input) => info(input),
  (input) => load(input),
  (input) => load(input, { sampleRate: 16_000, mono: true, offset: 0.1 }),
  async (input) => {
    const decoder = await AudioDecoder.open(input)
    try {
      await decoder.decode({ offset: 0.2, duration: 0.1 })
    } finally {
      await decoder.close()
    }
  },
]

let refused = 0

async function open(round) {
  try {
    await ways[round % ways.length](inputs[Math.floor(round / ways.length) % inputs.length])
  } catch (error) {
    if (!isAudioDecodeError(error)) throw error
    refused++
  }
}

/** What is left when all that can be collected is. */
async function residentMiB() {
  for (let turn = 0; turn < 4; turn++) {
    gc()
    await new Promise((done) => setTimeout(done, 10))
  }
  return process.memoryUsage().rss / 2 ** 20
}

/** Only Linux tells. */
const openFiles = () => (process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0)

const measured = []
for (let round = 0; round < ROUNDS; round += AT_ONCE) {
  await Promise.all(Array.from({ length: AT_ONCE }, (_, index) => open(round + index)))
  if ((round + AT_ONCE) % 1_000 === 0) measured.push(await residentMiB())
}

// Opened and forgotten: the collector has to close them.
const filesBefore = openFiles()
const dropped = []
for (let turn = 0; turn < 3; turn++) {
  for (let round = 0; round < 300; round++) await AudioDecoder.open(inputs[0])
  dropped.push(await residentMiB())
}
const filesLeft = openFiles() - filesBefore

const peakMiB = process.resourceUsage().maxRSS / 2 ** 10
console.log(
  JSON.stringify({ residentMiB: measured, peakMiB, refused, filesLeft, droppedMiB: dropped }),
)
