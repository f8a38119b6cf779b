import { stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

import { AudioDecodeError } from '@audiodecode/core'

import { downloadModel } from './download/download-model.js'
import type { DownloadOptions } from './download/download-model.js'
import { MODEL_NAMES, repositoryOf } from './download/hub-models.js'

/**
 * The folder of a model: one that is given, or one of that name in the folder of models, or one in Hugging Face's cache; what is
 * none of these is downloaded into that cache.
 */
export async function findModel(model: string, options: DownloadOptions = {}): Promise<string> {
  if (typeof model !== 'string' || model === '')
    throw new TypeError('model must be a folder or a name')
  options.signal?.throwIfAborted()
  const given = resolve(model)
  if (await isFolder(given)) return given
  const stored = join(modelsFolder(), model)
  if (await isFolder(stored)) return stored
  const repository = repositoryOf(model)
  if (repository !== undefined) return downloadModel(repository, options)
  throw new AudioDecodeError(
    'ERR_MODEL',
    `There is no model "${model}": neither a folder of that path nor ${stored}, nor is it a name that is known ` +
      `(${MODEL_NAMES.join(', ')}, or owner/repository of Hugging Face). Give one of these, or the folder of a model for ` +
      `faster-whisper (with model.bin, config.json and tokenizer.json).`,
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
