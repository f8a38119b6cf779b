// Whether memory stays flat over many short transcriptions:
//
//     node packages/whisper/scripts/measure-memory.mjs [count = 500] [model = tiny.en] [file]
//
// Prints the memory of the process (resident, MB) after every tenth part, and by how much the last half grew. Every fifth
// transcription is aborted in its midst, every seventh is decoded in chunks. Needs a build and a model (scripts/fetch-model.mjs).
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { load } from '@audiodecode/core'
import { WhisperModel } from '@audiodecode/whisper'
import '@audiodecode/backend-rust'

const [count = '500', model = 'tiny.en', given] = process.argv.slice(2)
const file = given ?? fileURLToPath(new URL('../test/data/jfk-16k.flac', import.meta.url))
const total = Number(count)
if (!Number.isInteger(total) || total < 10)
  throw new RangeError(`count must be 10 or more, not ${count}`)

const { data } = await load(file, { sampleRate: 16_000, mono: true })
const whisper = await WhisperModel.load(model)
/** Another part of the audio each time, of 0.5 to 6 seconds. */
function piece(index) {
  const frames = 8000 + ((index * 7919) % 88_000)
  const start = (index * 104_729) % Math.max(1, data.length - frames)
  return { samples: data.subarray(start, start + frames), sampleRate: 16_000 }
}

const resident = () => Math.round(process.memoryUsage.rss() / 2 ** 20)
const told = []
console.log(`${join(model)}: ${resident()} MB once the model is loaded`)
for (let index = 1; index <= total; index++) {
  const options = { beamSize: 1, temperature: 0 }
  if (index % 5 === 0) options.signal = AbortSignal.timeout(20)
  if (index % 7 === 0) Object.assign(options, { vad: true, batchSize: 3, chunkLength: 3 })
  await whisper.transcribe(piece(index), options).catch((error) => {
    if (error.name !== 'TimeoutError') throw error
  })
  if (index % Math.ceil(total / 10) === 0) {
    told.push(resident())
    console.log(`${String(index).padStart(6)}  ${told.at(-1)} MB`)
  }
}
const half = told.slice(Math.floor(told.length / 2))
console.log(`the last half: ${Math.min(...half)} to ${Math.max(...half)} MB`)
await whisper.close()
console.log(`${resident()} MB once the model is closed`)
