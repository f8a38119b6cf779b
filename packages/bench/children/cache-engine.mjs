// Hits of caches, as a long-lived engine. By itself: importing the package puts a cache before every load of a process.
import { performance } from 'node:perf_hooks'

import '@audiodecode/backend-rust'
import { createAudioCache } from '@audiodecode/cache'
import { load } from '@audiodecode/core'

import { serve } from './line-protocol.mjs'

const MAX_BYTES = 2 ** 30

await serve({
  /** Milliseconds of `runs` hits of each kind, in turn, and of copying the samples. */
  async hits({ file, runs }) {
    const shared = createAudioCache({ shared: true, maxBytes: MAX_BYTES })
    const copying = createAudioCache({ maxBytes: MAX_BYTES })
    const { data } = await load(file, { cache: shared })
    await load(file, { cache: copying })
    const times = { bytes: data.byteLength, shared: [], copying: [], range: [], slice: [] }
    await inTurn(times, 20 * runs, false, {
      shared: () => load(file, { cache: shared }),
      range: () => load(file, { cache: copying, offset: 0.25, duration: 0.5 }),
    })
    // What a call leaves is freed outside the time, on both sides; with small results that would be all there is to see.
    await inTurn(times, runs, data.byteLength > 2 ** 22, {
      copying: () => load(file, { cache: copying }),
      slice: () => data.slice(),
    })
    const hits = shared.stats.hits + copying.stats.hits
    if (hits < 41 * runs) throw new Error(`only ${hits} hits`)
    await Promise.all([shared.close(), copying.close()])
    return times
  },
})

async function inTurn(times, runs, collects, calls) {
  for (let run = -3; run < runs; run++) {
    for (const [name, call] of Object.entries(calls)) {
      if (collects) globalThis.gc?.()
      const start = performance.now()
      await call()
      const ms = performance.now() - start
      if (run >= 0) times[name].push(ms)
    }
  }
}
