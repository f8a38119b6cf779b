// Peak memory of a fresh process that imports a backend and opens its library and, given a file, decodes it:
// `peak-memory.mjs BACKEND [FILE OPTIONS]`.
import { diagnose, load } from '@audiodecode/core'

import { peakBytes } from './peak-bytes.mjs'

const [backend, file, options] = process.argv.slice(2)
await import(`@audiodecode/backend-${backend}`)
const importedBytes = await peakBytes()
await diagnose()
const readyBytes = await peakBytes()
const outputBytes = file === undefined ? 0 : (await load(file, JSON.parse(options))).data.byteLength
console.log(
  JSON.stringify({ importedBytes, readyBytes, peakBytes: await peakBytes(), outputBytes }),
)
