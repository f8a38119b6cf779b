import type { Check } from '../check.js'
import { typedRejection, within } from '../support/outcome.js'
import { seededRandom } from '../support/random.js'
import { readerOf } from '../support/reader.js'
import { withFile } from '../support/with-file.js'

const text = (words: string): Uint8Array => new TextEncoder().encode(words)

function noise(bytes: number): Uint8Array {
  const random = seededRandom('not audio')
  // The upper bit stays clear, so that no byte of a frame's sync appears.
  return Uint8Array.from({ length: bytes }, () => random(128))
}

/** Files without a sound in them. */
const FILES: Readonly<Record<string, Uint8Array>> = {
  'an empty file': new Uint8Array(0),
  'one byte': Uint8Array.of(0x52),
  'a text': text('This is no audio at all. '.repeat(200)),
  'a page of HTML': text(`<!doctype html><title>404</title>${'<p>Not found</p>'.repeat(50)}`),
  noise: noise(65_536),
  zeros: new Uint8Array(65_536),
  'a picture': Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, ...noise(4096)),
}

/** Longest time for a refusal, in milliseconds. */
const LONGEST = 10_000

/** What is no audio. */
export const notAudio: Check = {
  name: 'not-audio',
  title: 'what is no audio, an empty file and a missing one are typed errors',
  applies: () => true,
  once: true,
  async run(backend, sample) {
    const { load } = readerOf(backend)
    for (const [what, bytes] of Object.entries(FILES)) {
      const codes = ['ERR_UNSUPPORTED_FORMAT', 'ERR_CORRUPT', 'ERR_NO_BACKEND'] as const
      await within(LONGEST, what, typedRejection(load(bytes), what, codes))
      const file = `no-audio.${sample.extension}`
      await withFile(file, bytes, async (path) => {
        const named = `${what} that is called ${file}`
        await within(LONGEST, named, typedRejection(load(path), named, codes))
        const missing = load(`${path}.missing`)
        await typedRejection(missing, 'a file that is not there', ['ERR_NOT_FOUND'])
      })
    }
  },
}
