import { createHash, randomUUID } from 'node:crypto'
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises'

import { packVocabulary, unpackVocabulary } from './packed-vocabulary.js'
import type { Vocabulary } from './vocabulary.js'

/** A place for the packed form of one file. */
export interface PackedPlace {
  /** What is there, when it was made from the file as it is now. */
  readonly vocabulary: Vocabulary | undefined
  /** Puts it there; what cannot be written is left. */
  keep(vocabulary: Vocabulary): Promise<void>
}

/** Looks for the packed form of the tokenizer file `source` at `path`; undefined when there is no such file. */
export async function openPacked(path: string, source: string): Promise<PackedPlace | undefined> {
  const mark = await markOf(source)
  if (mark === undefined) return undefined
  const bytes = await readFile(path).catch(() => undefined)
  return {
    vocabulary: bytes === undefined ? undefined : unpackVocabulary(bytes, mark),
    async keep(vocabulary) {
      const packed = packVocabulary(vocabulary, mark)
      if (packed === undefined) return
      const beside = `${path}.${randomUUID()}`
      try {
        await writeFile(beside, packed)
        await rename(beside, path)
      } catch {
        await rm(beside, { force: true }).catch(() => undefined)
      }
    },
  }
}

/** Tells one version of a file from another, as the cache of compiled models does: by its length and its last change. */
async function markOf(path: string): Promise<Uint8Array | undefined> {
  try {
    const { size, mtimeMs } = await stat(path)
    return createHash('sha256')
      .update(JSON.stringify([path, size, mtimeMs]))
      .digest()
  } catch {
    return undefined
  }
}
