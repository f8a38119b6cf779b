// Peak memory of a fresh process that imports and, given a file, decodes it: `peak-memory.mjs [FILE OPTIONS]`.
import { load } from '@audiodecode/core'
import '@audiodecode/backend-rust'

const [file, options] = process.argv.slice(2)
const outputBytes = file === undefined ? 0 : (await load(file, JSON.parse(options))).data.byteLength
// maxRSS is in KiB on every platform.
console.log(JSON.stringify({ peakBytes: process.resourceUsage().maxRSS * 1024, outputBytes }))
