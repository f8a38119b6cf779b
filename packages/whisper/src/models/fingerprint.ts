import { createHash } from 'node:crypto'

import type { WeightFileReader } from './weight-file-reader.js'

const SAMPLES = 64
const SAMPLE_BYTES = 4096

/**
 * Tells one version of a model from another without reading gigabytes: a hash of the size, the time of the last change, the
 * configuration and 64 places spread over the weights.
 */
export async function fingerprint(file: WeightFileReader, configuration: unknown): Promise<string> {
  const hash = createHash('sha256')
  hash.update(JSON.stringify([file.size, file.changed, configuration]))
  const length = Math.min(SAMPLE_BYTES, file.size)
  for (let index = 0; index < SAMPLES; index++) {
    const offset = Math.floor(((file.size - length) * index) / (SAMPLES - 1))
    hash.update(await file.read(offset, length))
  }
  return hash.digest('hex')
}
