import { hasFrames } from '../check.js'
import type { Check } from '../check.js'
import { ensureClose } from '../support/compare.js'
import { readerOf } from '../support/reader.js'
import { withFile } from '../support/with-file.js'

/** Names that say something else than the content. */
export const extension: Check = {
  name: 'extension',
  title: 'a wrong extension, or none, changes nothing',
  applies: hasFrames,
  async run(backend, sample) {
    const { load } = readerOf(backend)
    const bytes = sample.bytes()
    const expected = await load(bytes)
    for (const name of [
      'audio',
      'audio.txt',
      sample.extension === 'wav' ? 'audio.mp3' : 'audio.wav',
    ]) {
      const audio = await withFile(name, bytes, (path) => load(path))
      ensureClose(audio.data, expected.data, 0, `the same file as ${name}`)
    }
  },
}
