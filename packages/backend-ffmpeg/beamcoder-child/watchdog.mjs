/** Most time of the processor for one call. beamcoder opens a decoder again and again when FFmpeg calls a packet invalid, forever. */
const MOST_CPU_MS = 5000

const usedMs = () => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

let since = 0
let waiting = false

setInterval(() => {
  if (waiting && usedMs() - since > MOST_CPU_MS) process.exit(2)
}, 250).unref()

/** Waits for a call, and ends the process when it works on and on. Time in which it waits for a slow disk does not count. */
export async function watched(call) {
  since = usedMs()
  waiting = true
  try {
    return await call()
  } finally {
    waiting = false
  }
}
