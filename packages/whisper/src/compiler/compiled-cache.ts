import { mkdir, readdir, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

import { AudioDecodeError, isAudioDecodeError } from '@audiodecode/core'

import type { ModelWeights } from '../models/model-weights.js'
import { openModel } from '../models/open-model.js'
import { defaultCacheDirectory } from './cache-directory.js'
import { compileModel } from './compile-model.js'
import { readCompiled } from './compiled-files.js'
import type { CompiledFiles } from './compiled-files.js'
import type { ComputeType } from './compute-type.js'
import { withFileLock } from './file-lock.js'

/** Which form of the model is wanted, and where it is kept. */
export interface CompiledModelOptions {
  /** How the model shall compute. */
  readonly computeType: ComputeType
  /** Where compiled models lie. Default: `audiodecode/compiled` in the system's folder for caches. */
  readonly cacheDirectory?: string | undefined
  /** Stops waiting and compiling. */
  readonly signal?: AbortSignal | undefined
}

/**
 * The model in `folder`, ready to run: from the cache when it has been compiled before, else compiled now, by one thread of one
 * process while the others wait.
 */
export async function compiledModel(
  folder: string,
  { computeType, cacheDirectory = defaultCacheDirectory(), signal }: CompiledModelOptions,
): Promise<CompiledFiles> {
  const weights = await openModel(folder)
  try {
    const name = `${weights.fingerprint.slice(0, 20)}-${computeType}`
    const directory = join(cacheDirectory, name)
    const wanted = { computeType, fingerprint: weights.fingerprint }
    return (
      (await readCompiled(directory, wanted)) ??
      (await compileOnce(weights, { computeType, directory, signal }))
    )
  } finally {
    await weights.close()
  }
}

async function compileOnce(
  weights: ModelWeights,
  options: { computeType: ComputeType; directory: string; signal: AbortSignal | undefined },
): Promise<CompiledFiles> {
  const { directory, computeType, signal } = options
  const compile = async (): Promise<CompiledFiles> => {
    // Another may have compiled it while this one waited.
    const done = await readCompiled(directory, { computeType, fingerprint: weights.fingerprint })
    if (done !== undefined) return done
    await removeLeftovers(directory)
    return compileModel(weights, options)
  }
  try {
    await mkdir(dirname(directory), { recursive: true })
    return await withFileLock(`${directory}.lock`, compile, signal)
  } catch (cause) {
    signal?.throwIfAborted()
    if (isAudioDecodeError(cause)) throw cause
    throw new AudioDecodeError(
      'ERR_IO',
      `The compiled model cannot be written to ${dirname(directory)}. Free some space there, or set cacheDirectory to a folder that can be written to.`,
      { cause },
    )
  }
}

/** What a process that was ended while it compiled has left. */
async function removeLeftovers(directory: string): Promise<void> {
  const parent = dirname(directory)
  const start = `${basename(directory)}.`
  for (const name of await readdir(parent)) {
    const isLeft = name.startsWith(start) && !name.endsWith('.lock')
    if (isLeft) await rm(join(parent, name), { recursive: true, force: true })
  }
}
