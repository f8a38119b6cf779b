// What holds up the main thread: calls into an addon, and turns of the event loop that come late.
import { monitorEventLoopDelay, performance } from 'node:perf_hooks'

/** The longest call so far. */
export const longest = { longestCallMs: 0, longestCall: '' }

/** Every synchronous stretch inside the addon: its functions, constructors, methods and getters. */
export function timeEveryCall(target, path) {
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
          if (took > longest.longestCallMs) {
            Object.assign(longest, { longestCallMs: took, longestCall: `${path}.${name}` })
          }
        }
      }
    }
    if (descriptor.configurable) Object.defineProperty(target, name, descriptor)
  }
}

/** The longest time between two turns of the event loop, in milliseconds; the loop turns as often as it can. */
export function watchLoop() {
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
