import { existsSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { cacheFolder } from '../cache-folder.js'
import { runCommand } from '../run-command.js'
import type { Spoken } from './race-transcribers.js'

const TEXT =
  'And so my fellow Americans, ask not what your country can do for you, ask what you can do for your country.'

/** The path of fixtures/jfk.flac: 11 s of speech. */
const RECORDING: string = fileURLToPath(new URL('../../../fixtures/jfk.flac', import.meta.url))

/** The recording's first `seconds` as samples; 3 s end behind "Americans". */
export async function clip(seconds: 3 | 11): Promise<Spoken> {
  const samples = join(await cacheFolder('speech-joined'), `jfk-${seconds}s.f32`)
  if (!existsSync(samples)) {
    const format = ['-ac', '1', '-ar', '16000', '-f', 'f32le']
    const part = `${samples}.part`
    await runCommand('ffmpeg', [
      '-v',
      'error',
      '-y',
      '-i',
      RECORDING,
      '-t',
      String(seconds),
      ...format,
      part,
    ])
    await rename(part, samples)
  }
  const text = seconds === 11 ? TEXT : 'And so my fellow Americans,'
  return { samples, seconds, text, language: 'en' }
}
