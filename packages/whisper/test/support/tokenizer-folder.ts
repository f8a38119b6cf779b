import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** The folder of a real model, or undefined where models are not installed. */
export function tokenizerFolder(model: 'base' | 'tiny.en'): string | undefined {
  const models = process.env['AUDIODECODE_WHISPER_MODELS']
  if (models === undefined) return undefined
  const folder = join(models, model)
  return existsSync(folder) ? folder : undefined
}
