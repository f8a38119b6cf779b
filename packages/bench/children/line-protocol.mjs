// The way a long-lived engine talks to the bench: one JSON command a line on stdin, one JSON answer a line on stdout.
import { writeFile } from 'node:fs/promises'
import { performance } from 'node:perf_hooks'
import { createInterface } from 'node:readline'

/** Answers commands until stdin ends. `operations` maps a command's `op` to what does it. */
export async function serve(operations) {
  for await (const line of createInterface({ input: process.stdin })) {
    const { op, ...command } = JSON.parse(line)
    let answer
    try {
      answer = { ok: true, value: await operations[op](command) }
    } catch (error) {
      answer = { ok: false, error: error instanceof Error ? (error.stack ?? error.message) : error }
    }
    process.stdout.write(`${JSON.stringify(answer)}\n`)
  }
}

/** Times one call. What earlier calls left is freed first, outside the time, as it is for the peers. */
export async function timed(call) {
  globalThis.gc?.()
  const start = performance.now()
  const value = await call()
  return { ms: performance.now() - start, value }
}

/** What the bench needs to know of decoded audio; with `dump`, the samples as planar float32 in that file. */
export async function summarise(audio, dump) {
  if (dump !== undefined) await writeFile(dump, audio.data)
  const { frames, channels, sampleRate } = audio
  return { frames, channels, sampleRate }
}
