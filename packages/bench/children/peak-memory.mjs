// Peak memory of a fresh process that imports and, given a file, decodes it: `peak-memory.mjs [FILE OPTIONS]`.
import { readFile } from 'node:fs/promises'

import { load } from '@audiodecode/core'
import '@audiodecode/backend-rust'

const [file, options] = process.argv.slice(2)
const outputBytes = file === undefined ? 0 : (await load(file, JSON.parse(options))).data.byteLength
console.log(JSON.stringify({ peakBytes: await peakBytes(), outputBytes }))

/** On Linux `maxRSS` begins with what the process that started this one had; VmHWM does not. Both are in KiB. */
async function peakBytes() {
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '')
  const kibibytes = /VmHWM:\s*(\d+) kB/u.exec(status)?.[1]
  return 1024 * Number(kibibytes ?? process.resourceUsage().maxRSS)
}
