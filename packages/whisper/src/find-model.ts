import { stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

import { AudioDecodeError } from '@audiodecode/core'

/** The folder of a model: one that is given, or one of that name in the folder of models. */
export async function findModel(model: string): Promise<string> {
  if (typeof model !== 'string' || model === '')
    throw new TypeError('model must be a folder or a name')
  const given = resolve(model)
  if (await isFolder(given)) return given
  const stored = join(modelsFolder(), model)
  if (await isFolder(stored)) return stored
  throw new AudioDecodeError(
    'ERR_MODEL',
    `There is no model "${model}": neither a folder of that path nor ${stored}. Give the folder of a model for ` +
      `faster-whisper (with model.bin, config.json and tokenizer.json), or put it there.`,
  )
}

/** Where models are looked for by name. */
function modelsFolder(): string {
  // An empty variable counts as none, as where models are fetched.
  return process.env['AUDIODECODE_MODELS'] || join(homedir(), '.cache', 'audiodecode', 'models')
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
}
