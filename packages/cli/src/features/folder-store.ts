import { mkdir, rename, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import {
  createTemporaryFile,
  keepTemporaryFile,
  removeTemporaryFile,
} from '../output/temporary-files.js'
import type { FeatureOutput, FeatureStore } from './feature-store.js'
import { openJournal, readJournal } from './journal.js'

const JOURNAL = '.audiodecode-features.jsonl'

/** A .npy file for each input, in the input's folders. A journal beside them tells what they were made of. */
export async function openFolderStore(folder: string): Promise<FeatureStore> {
  await mkdir(folder, { recursive: true })
  const done = await readJournal(join(folder, JOURNAL))
  const journal = await openJournal(join(folder, JOURNAL))
  const made = new Map<string, Promise<unknown>>()
  const makeFolder = async (path: string): Promise<unknown> => {
    const making = made.get(path) ?? mkdir(path, { recursive: true })
    made.set(path, making)
    return making
  }
  const pathOf = ({ name }: FeatureOutput): string => join(folder, `${name}.npy`)

  return {
    async has(output) {
      const line = done.get(`${output.name}.npy`)
      if (line?.input !== output.input || line.options !== output.options) return false
      const found = await stat(pathOf(output)).catch(() => null)
      return found?.isFile() === true && found.size === line.bytes
    },
    async put(output, pieces) {
      const path = pathOf(output)
      await makeFolder(dirname(path))
      const file = await createTemporaryFile(dirname(path))
      try {
        await file.handle.writev([...pieces])
        await file.handle.close()
        await rename(file.path, path)
        keepTemporaryFile(file)
      } catch (error) {
        await removeTemporaryFile(file)
        throw error
      }
      const bytes = pieces.reduce((sum, piece) => sum + piece.length, 0)
      const { name, input, options } = output
      await journal.add({ output: `${name}.npy`, input, options, bytes })
    },
    async finish() {},
    close: async () => journal.close(),
  }
}
