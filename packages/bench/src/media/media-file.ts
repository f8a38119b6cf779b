import { existsSync } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { cacheFolder } from '../cache-folder.js'
import { runCommand } from '../run-command.js'
import { ENCODINGS } from './encodings.js'
import type { EncodingName } from './encodings.js'
import { synthesize } from './synthesize.js'
import type { Recording } from './synthesize.js'
import { wavBytes } from './wav-bytes.js'

/** An input file: an encoding of a synthetic recording; stereo, 44.1 kHz and seed 0 when not said otherwise. */
export type MediaFile = Partial<Recording> & {
  readonly encoding: EncodingName
  readonly seconds: number
}

/** Part of the names of the files: a change of `synthesize` or of an encoding makes them anew. */
const GENERATION = 2

/** The path of an input file, made at the first call and kept in the cache folder. */
export async function mediaFile({ encoding, ...parts }: MediaFile): Promise<string> {
  const recording = { sampleRate: 44_100, channels: 2, seed: 0, ...parts }
  const { seconds, sampleRate, channels, seed } = recording
  const folder = await cacheFolder('media')
  const stem = join(
    folder,
    `music${GENERATION}-${seconds}s-${channels}ch-${sampleRate}-seed${seed}`,
  )
  if (encoding === 'wav') {
    const target = `${stem}.wav`
    if (!existsSync(target)) {
      await writeFile(`${stem}.part`, wavBytes(synthesize(recording), recording))
      await rename(`${stem}.part`, target)
    }
    return target
  }
  const { extension, command, args } = ENCODINGS[encoding]
  const target = `${stem}-${encoding}.${extension}`
  if (!existsSync(target)) {
    const wav = await mediaFile({ ...recording, encoding: 'wav' })
    const part = `${stem}-${encoding}.part.${extension}`
    await runCommand(command, args(wav, part))
    await rename(part, target)
  }
  return target
}
