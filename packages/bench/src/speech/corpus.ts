import { existsSync } from 'node:fs'
import { readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { cacheFolder } from '../cache-folder.js'
import { runPython } from '../engines/python.js'
import { runCommand } from '../run-command.js'

/** Speech whose text is known. */
export interface SpeechFile {
  readonly name: string
  /** Path of its samples: float32, 16 kHz, one channel. */
  readonly samples: string
  readonly language: string
  /** What was done to it: 'noise 10 dB', 'telephone', … */
  readonly condition: string
  readonly seconds: number
  readonly text: string
  /** Belongs to the ten minutes, of every condition and language, that are timed and compared token by token. */
  readonly varied: boolean
}

/** Part of the folder's name: a change of the scripts or texts makes it anew. */
const GENERATION = 3
/** Voices of a neural synthesiser, and recordings of people. */
const KOKORO_JS = 'kokoro-js@1.2.1'
const RECORDINGS = '/usr/share/pocketsphinx/test/data'
const ADVICE =
  'the corpus needs apt-get install flite festival festvox-kallpc16k festvox-kdlpc16k festvox-us-slt-hts festvox-italp16k ' +
  'espeak-ng sox lame pocketsphinx-testdata'

/** More than three hours of speech, made at the first call (a quarter of an hour) and kept in the cache folder. */
export async function speechCorpus(): Promise<readonly SpeechFile[]> {
  const folder = await cacheFolder(`speech${GENERATION}`)
  const listed = join(folder, 'corpus.json')
  if (!existsSync(listed)) {
    console.error('making the corpus of speech: it takes a quarter of an hour …')
    if (!existsSync(RECORDINGS)) throw new Error(ADVICE)
    const jfk = fileURLToPath(new URL('../../../fixtures/jfk.flac', import.meta.url))
    try {
      const args = [folder, await kokoroVoices(), RECORDINGS, jfk]
      await runPython('speech', 'speech/make_speech.py', args)
    } catch (cause) {
      const said = cause instanceof Error ? cause.message : String(cause)
      throw new Error(`${ADVICE}\n${said}`, { cause })
    }
  }
  const { files } = JSON.parse(await readFile(listed, 'utf8')) as {
    files: readonly Omit<SpeechFile, 'samples'>[]
  }
  return files.map((file) => ({ ...file, samples: join(folder, `${file.name}.f32`) }))
}

/** The voices of the npm package; the package itself, which would bring a neural runtime, is not installed. */
async function kokoroVoices(): Promise<string> {
  const folder = await cacheFolder('kokoro-js')
  const voices = join(folder, 'voices')
  if (existsSync(voices)) return voices
  const { stdout } = await runCommand('npm', [
    'pack',
    '--silent',
    '--pack-destination',
    folder,
    KOKORO_JS,
  ])
  await runCommand('tar', ['-xf', join(folder, stdout.trim()), '-C', folder])
  await rename(join(folder, 'package', 'voices'), voices)
  return voices
}
