import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'

import { usageError } from '../cli-error.js'
import type { CliInput } from '../inputs.js'

/** What a transcript is written as. */
export type TranscriptFormat = 'txt' | 'srt' | 'vtt' | 'tsv' | 'json'

const formats: readonly TranscriptFormat[] = ['txt', 'srt', 'vtt', 'tsv', 'json']

/** `srt,vtt` as a list. */
export function parseFormats(text: string): readonly TranscriptFormat[] {
  return text.split(',').map((name) => {
    const format = formats.find((known) => known === name.trim())
    if (format === undefined) {
      throw usageError(`--format must be of ${formats.join(', ')}, not "${name.trim()}"`)
    }
    return format
  })
}

/** The files of one input, by format; the folder is made. Two inputs of one name are refused. */
export async function transcriptTargets(
  inputs: readonly CliInput[],
  folder: string,
  wanted: readonly TranscriptFormat[],
): Promise<readonly (readonly { path: string; format: TranscriptFormat }[])[]> {
  const owners = new Map<string, string>()
  for (const { stem, argument } of inputs) {
    const key = resolve(folder, stem).toLowerCase()
    const owner = owners.get(key)
    if (owner !== undefined) {
      throw usageError(`${owner} and ${argument} would both become ${join(folder, stem)}.*`)
    }
    owners.set(key, argument)
  }
  await mkdir(folder, { recursive: true })
  return inputs.map(({ stem }) =>
    wanted.map((format) => ({ path: join(folder, `${stem}.${format}`), format })),
  )
}
