// Watches the main thread while a model is loaded and while a file is transcribed: `whisper-main-thread.mjs MODEL CACHE FILE`.
// Prints one line of JSON.
import { createRequire } from 'node:module'
import { performance } from 'node:perf_hooks'

import { longest, timeEveryCall, watchLoop } from './watch-main-thread.mjs'

const [folder, cacheDirectory, file] = process.argv.slice(2)
const backend = createRequire(import.meta.resolve('@audiodecode/backend-rust'))
timeEveryCall(backend('../binding/binding.cjs'), 'binding')
await import('@audiodecode/backend-rust')
const { WhisperModel } = await import('@audiodecode/whisper')

async function watched(work) {
  Object.assign(longest, { longestCallMs: 0, longestCall: 'none' })
  const stop = watchLoop()
  const start = performance.now()
  const value = await work()
  const tookMs = performance.now() - start
  await new Promise((resolve) => setTimeout(resolve, 50))
  return [{ ...stop(), tookMs, ...longest }, value]
}

const [load, model] = await watched(() => WhisperModel.load(folder, { cacheDirectory, threads: 2 }))
const options = { language: 'en', beamSize: 1, vad: true }
const [transcribe] = await watched(() => model.transcribe(file, options))
await model.close()
console.log(JSON.stringify({ load, transcribe }))
