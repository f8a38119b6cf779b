import { hasFrames } from '../check.js'
import type { Check } from '../check.js'
import { ensureClose, largestDifference } from '../support/compare.js'
import { ensureSame, ensure } from '../support/failure.js'
import { readDirectly } from '../support/read-directly.js'
import { readerOf } from '../support/reader.js'
import { withFile } from '../support/with-file.js'

/** A path and the bytes of the file. */
export const inputs: Check = {
  name: 'inputs',
  title: 'bytes give what the path gives, and are left as they are',
  applies: hasFrames,
  async run(backend, sample) {
    const { load } = readerOf(backend)
    const bytes = sample.bytes()
    const original = sample.bytes()
    const fromBytes = await load(bytes)
    await withFile(`sample.${sample.extension}`, bytes, async (path) => {
      const fromPath = await load(path)
      ensureSame(fromPath.sampleRate, fromBytes.sampleRate, 'sampleRate from a path')
      ensureClose(fromPath.data, fromBytes.data, 0, 'the path against the bytes')
    })
    if (backend.capabilities?.inputs?.includes('bytes') === false) return
    // Without core in between, which would have given the backend a copy.
    const { data } = await readDirectly(backend, bytes)
    const samples = new Float32Array(data)
    ensure(
      bytes.every((byte, i) => byte === original[i]) && bytes.length === original.length,
      'the bytes of the input were changed',
    )
    // What has been given out is no longer the backend's.
    await readDirectly(backend, sample.bytes())
    ensureSame(
      largestDifference(data, samples).largest,
      0,
      'a later decode changes an earlier result by',
    )
  },
}
