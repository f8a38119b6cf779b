// Live audio without an end in sight: `live-hours.mjs MODEL CLIP HOURS`, where CLIP is 16 kHz float32 that is said every ten minutes, with
// noise of -60 dB between. As fast as it is heard; prints the words that became final and the resident memory of every half hour.
import { readFile } from 'node:fs/promises'

import { WhisperModel } from '@audiodecode/whisper'

const RATE = 16_000
const BETWEEN_SECONDS = 600
const [folder, file, hours] = process.argv.slice(2)
const { buffer } = new Uint8Array(await readFile(file))
const clip = new Float32Array(buffer)

let seed = 1
const noise = () => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
  return 0.001 * (seed / 2 ** 31 - 1)
}
let seconds = 0
let times = 0
async function* live() {
  for (; seconds < Number(hours) * 3600; seconds++) {
    if (seconds % BETWEEN_SECONDS === 0) {
      times++
      for (let at = 0; at < clip.length; at += RATE) yield clip.subarray(at, at + RATE)
    }
    yield Float32Array.from({ length: RATE }, noise)
  }
}

const residentBytes = []
let words = 0
const model = await WhisperModel.load(folder, { computeType: 'int8' })
for await (const result of model.stream(live())) {
  if (result.final) words += result.words.length
  if (seconds >= 1800 * (residentBytes.length + 1)) residentBytes.push(process.memoryUsage.rss())
}
residentBytes.push(process.memoryUsage.rss())
await model.close()
console.log(JSON.stringify({ words, times, residentBytes }))
