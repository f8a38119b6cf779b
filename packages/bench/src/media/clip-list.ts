import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { cacheFolder } from '../cache-folder.js'
import type { EncodingName } from './encodings.js'
import { mediaFile } from './media-file.js'

/** Clips that are made; a list of more names each several times. */
const CLIPS = 50
const SECONDS = 5

/** What the clips of a list are. */
export interface ClipList {
  readonly encoding: EncodingName
  readonly sampleRate: number
  /** Items of the list. */
  readonly count: number
}

/** A list of mono clips of 5 s, as a file with the items of a data loader. */
export async function clipList({ encoding, sampleRate, count }: ClipList): Promise<string> {
  const paths: string[] = []
  for (let seed = 0; seed < CLIPS; seed++) {
    paths.push(await mediaFile({ encoding, seconds: SECONDS, sampleRate, channels: 1, seed }))
  }
  const items = Array.from({ length: count }, (_, at) => ({
    path: paths[at % CLIPS],
    durationSeconds: SECONDS,
  }))
  const list = join(await cacheFolder('media'), `clips-${encoding}-${sampleRate}-${count}.json`)
  await writeFile(list, JSON.stringify(items))
  return list
}
