// Watches the main thread while a file is decoded (`decode FILE`) or while as many threads only spin (`spin THREADS MS`).
// Prints one line of JSON.
import { createRequire } from 'node:module'
import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import { Worker } from 'node:worker_threads'

const [mode, argument, milliseconds] = process.argv.slice(2)
let longestCallMs = 0
let longestCall = ''

/** Every synchronous stretch inside the addon: its functions, constructors, methods and getters. */
function timeEveryCall(target, path) {
  for (const name of Object.getOwnPropertyNames(target)) {
    const descriptor = Object.getOwnPropertyDescriptor(target, name)
    for (const key of ['value', 'get']) {
      const original = descriptor[key]
      if (typeof original !== 'function' || name === 'constructor') continue
      if (key === 'value' && original.prototype && /^[A-Z]/.test(name)) {
        timeEveryCall(original.prototype, `${name}.prototype`)
        timeEveryCall(original, name)
        continue
      }
      descriptor[key] = function (...values) {
        const start = performance.now()
        try {
          return original.apply(this, values)
        } finally {
          const took = performance.now() - start
          if (took > longestCallMs) [longestCallMs, longestCall] = [took, `${path}.${name}`]
        }
      }
    }
    if (descriptor.configurable) Object.defineProperty(target, name, descriptor)
  }
}

/** The longest time between two turns of the event loop, in milliseconds; the loop turns as often as it can. */
function watchLoop() {
  let last = performance.now()
  let longestGapMs = 0
  let running = true
  const turn = () => {
    const now = performance.now()
    longestGapMs = Math.max(longestGapMs, now - last)
    last = now
    if (running) setImmediate(turn)
  }
  setImmediate(turn)
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  return () => {
    running = false
    delay.disable()
    return { longestGapMs, delayP99Ms: delay.percentile(99) / 1e6 }
  }
}

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
  return { ...stop(), tookMs, longestCallMs, longestCall, outputBytes: audio.data.byteLength }
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
