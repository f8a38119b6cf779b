// Peak memory of a fresh process that imports a backend and opens its library and, given a file, decodes it:
// `peak-memory.mjs BACKEND [FILE OPTIONS]`.
import { readFile } from 'node:fs/promises'

import { diagnose, load } from '@audiodecode/core'

const [backend, file, options] = process.argv.slice(2)
await import(`@audiodecode/backend-${backend}`)
const importedBytes = await peakBytes()
await diagnose()
const readyBytes = await peakBytes()
const outputBytes = file === undefined ? 0 : (await load(file, JSON.parse(options))).data.byteLength
console.log(
  JSON.stringify({ importedBytes, readyBytes, peakBytes: await peakBytes(), outputBytes }),
)

/** On Linux `maxRSS` begins with what the process that started this one had; VmHWM does not. Both are in KiB. */
async function peakBytes() {
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '')
  const kibibytes = /VmHWM:\s*(\d+) kB/u.exec(status)?.[1]
  return 1024 * Number(kibibytes ?? process.resourceUsage().maxRSS)
}
