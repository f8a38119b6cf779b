import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { WORDS, makeRecordings } from './recordings.js'
import { evaluate, train } from './train.js'

/** Makes recordings, trains on some voices and tests on others. */
async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'audiodecode-words-'))
  try {
    console.log(`espeak-ng says ${WORDS.length} words in many voices …`)
    const { training, heldOut } = await makeRecordings(folder)
    const classifier = await train(training, (epoch, loss) =>
      console.log(`epoch ${String(epoch).padStart(2)}  loss ${loss.toFixed(3)}`),
    )
    const { right, recordings } = await evaluate(classifier, heldOut)
    const percent = ((100 * right) / recordings).toFixed(1)
    console.log(
      `${right} of ${recordings} right in other voices at other speeds: ${percent} % (chance: ${100 / WORDS.length} %)`,
    )
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

main().catch((error: unknown) => {
  const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
  console.error(isMissing ? 'espeak-ng is missing: apt-get install espeak-ng' : error)
  process.exitCode = 1
})
