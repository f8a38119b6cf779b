/** Most time of the processor for one call. beamcoder opens a decoder again and again when FFmpeg calls a packet invalid, forever. */
const MOST_CPU_MS = 5000

const usedMs = () => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

let most = Infinity

setInterval(() => {
  // Not exit(), which would wait for what works on and on.
  if (usedMs() > most) process.abort()
}, 250).unref()

/**
 * Waits for a call, and ends the process when it works on and on. Time in which it waits for a slow disk does not count.
 *
 * @template T
 * @param {() => Promise<T>} call
 * @param {number} [mostMs]
 * @returns {Promise<T>}
 */
export async function watched(call, mostMs = MOST_CPU_MS) {
  most = usedMs() + mostMs
  try {
    return await call()
  } finally {
    most = Infinity
  }
}
