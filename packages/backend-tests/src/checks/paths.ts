import { hasFrames } from '../check.js'
import type { Check } from '../check.js'
import { ensureClose } from '../support/compare.js'
import { readerOf } from '../support/reader.js'
import { withFile } from '../support/with-file.js'

/** Names that trip up programs: other scripts in both normal forms, characters of shells and URLs, and more than 260 characters. */
const NAMES: readonly string[] = [
  'Füße, Ωμέγα, 音声, موسيقى 🎵',
  'cafe\u0301 (decomposed)',
  "with space, 'quote', #hash, %41 and $HOME",
  '-starts-like-an-option',
  'http:',
  '[0-9]%03d',
  `${'folder-of-some-length/'.repeat(12)}long`,
  'x'.repeat(200),
]

/** Where files lie. */
export const paths: Check = {
  name: 'paths',
  title: 'unicode, long and odd paths are read like any other',
  applies: hasFrames,
  once: true,
  async run(backend, sample) {
    const { load } = readerOf(backend)
    const bytes = sample.bytes()
    const expected = await load(bytes)
    // Windows forbids a colon in names.
    const names = NAMES.filter((name) => process.platform !== 'win32' || !name.includes(':'))
    for (const name of names) {
      const file = `${name}.${sample.extension}`
      const audio = await withFile(file, bytes, (path) => load(path))
      ensureClose(audio.data, expected.data, 0, `the file ${JSON.stringify(file)}`)
    }
  },
}
