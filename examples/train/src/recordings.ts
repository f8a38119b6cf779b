import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** What is to be told apart. */
export const WORDS = [
  'yes',
  'no',
  'up',
  'down',
  'left',
  'right',
  'on',
  'off',
  'stop',
  'go',
] as const

/** Who says it, and how fast, in words a minute. */
interface Speakers {
  readonly accents: readonly string[]
  /** espeak-ng's variants of a voice: men, women, a whisper. */
  readonly variants: readonly string[]
  readonly speeds: readonly number[]
}

const TRAINING: Speakers = {
  accents: ['en-us', 'en-gb', 'en-gb-scotland'],
  variants: ['m1', 'm3', 'm5', 'f1', 'f3'],
  speeds: [130, 190],
}

/** Other voices, at other speeds: nothing of it was heard in training. */
const HELD_OUT: Speakers = {
  accents: ['en-us', 'en-gb-x-rp'],
  variants: ['m2', 'm4', 'f2', 'f4'],
  speeds: [145, 175],
}

/** Recordings at the same time. */
const PROCESSES = 4

/** Lets espeak-ng say every word in every voice, and writes a manifest for training and one for the test. */
export async function makeRecordings(
  folder: string,
): Promise<{ training: string; heldOut: string }> {
  return {
    training: await makeManifest(folder, 'training', TRAINING),
    heldOut: await makeManifest(folder, 'held-out', HELD_OUT),
  }
}

async function makeManifest(folder: string, name: string, speakers: Speakers): Promise<string> {
  await mkdir(join(folder, name), { recursive: true })
  const { accents, variants, speeds } = speakers
  const all = WORDS.flatMap((word) =>
    accents.flatMap((accent) =>
      variants.flatMap((variant) =>
        speeds.map((speed) => {
          const voice = `${accent}+${variant}`
          return { path: join(name, `${word}-${voice}-${speed}.wav`), word, voice, speed }
        }),
      ),
    ),
  )
  const queue = all.values()
  const work = async (): Promise<void> => {
    for (const { path, word, voice, speed } of queue) {
      await run('espeak-ng', ['-v', voice, '-s', String(speed), '-w', join(folder, path), word])
    }
  }
  await Promise.all(Array.from({ length: PROCESSES }, work))
  const manifest = join(folder, `${name}.jsonl`)
  await writeFile(manifest, all.map((line) => `${JSON.stringify(line)}\n`).join(''))
  return manifest
}
