import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/**
 * Folder of a model that `node scripts/fetch-model.mjs` has fetched, as `npm test` does; undefined when it is not here, which
 * is a reason to skip a test: `test.skipIf(modelFolder('base') === undefined)`.
 */
export function modelFolder(name: 'base' | 'tiny.en'): string | undefined {
  const models =
    process.env.AUDIODECODE_MODELS || join(homedir(), '.cache', 'audiodecode', 'models')
  const folder = join(models, name)
  return existsSync(join(folder, 'model.bin')) ? folder : undefined
}
