import { dirname, join } from 'node:path'

import { hasFrames } from '../check.js'
import type { Check } from '../check.js'
import { ensure, ensureSame } from '../support/failure.js'
import { withFile } from '../support/with-file.js'

/** Bytes asked for at a time. */
const LENGTH = 32

/** What `peekFile` tells core instead of `node:fs`. */
export const peeks: Check = {
  name: 'peeks',
  title: 'a peek gives the bytes and the size of a file, and null for everything else',
  applies: (sample, backend) => hasFrames(sample) && backend.peekFile !== undefined,
  once: true,
  async run(backend, sample) {
    const bytes = sample.bytes()
    await withFile(`Füße 🎵.${sample.extension}`, bytes, async (path) => {
      for (const position of [0, 7, bytes.length - 3, bytes.length, 2 ** 53 - 1]) {
        const what = `a peek at byte ${position} of ${bytes.length}`
        const found = await backend.peekFile!(path, position, LENGTH)
        ensure(found !== null, `${what} is null`)
        ensureSame(found.size, bytes.length, `the size from ${what}`)
        const wanted = bytes.subarray(position, position + LENGTH)
        ensureSame(
          Buffer.from(found.bytes).toString('hex'),
          Buffer.from(wanted).toString('hex'),
          what,
        )
      }
      for (const other of [dirname(path), join(path, 'below'), join(dirname(path), 'gone')]) {
        ensureSame(await backend.peekFile!(other, 0, LENGTH), null, `a peek at ${other}`)
      }
    })
  },
}
