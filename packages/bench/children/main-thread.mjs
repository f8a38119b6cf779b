// Watches the main thread while a file is decoded (`decode FILE`) or while as many threads only spin (`spin THREADS MS`).
// Prints one line of JSON.
import { createRequire } from 'node:module'
import { performance } from 'node:perf_hooks'
import { Worker } from 'node:worker_threads'

import { longest, timeEveryCall, watchLoop } from './watch-main-thread.mjs'

const [mode, argument, milliseconds] = process.argv.slice(2)
async function decode(file) {
  const backend = createRequire(import.meta.resolve('@audiodecode/backend-rust'))
  const binding = backend('../binding/binding.cjs')
  timeEveryCall(binding, 'binding')
  const { load } = await import('@audiodecode/core')
  await import('@audiodecode/backend-rust')
  const stop = watchLoop()
  const start = performance.now()
  const audio = await load(file)
  const tookMs = performance.now() - start
  await new Promise((resolve) => setTimeout(resolve, 50))
  return { ...stop(), tookMs, ...longest, outputBytes: audio.data.byteLength }
}

async function spin(threads, forMs) {
  const workers = Array.from({ length: threads }, () => new Worker('for (;;);', { eval: true }))
  await Promise.all(
    workers.map((worker) => new Promise((resolve) => worker.once('online', resolve))),
  )
  const stop = watchLoop()
  await new Promise((resolve) => setTimeout(resolve, forMs))
  const seen = stop()
  await Promise.all(workers.map((worker) => worker.terminate()))
  return seen
}

const result =
  mode === 'decode' ? await decode(argument) : await spin(Number(argument), Number(milliseconds))
console.log(JSON.stringify(result))
