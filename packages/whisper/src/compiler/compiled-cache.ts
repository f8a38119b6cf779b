import { mkdir, readdir, rm } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'

import { AudioDecodeError, isAudioDecodeError } from '@audiodecode/core'

import { withFileLock } from '../file-lock.js'
import type { ModelWeights } from '../models/model-weights.js'
import { openModel } from '../models/open-model.js'
import { defaultCacheDirectory } from './cache-directory.js'
import { compileModel } from './compile-model.js'
import type { CompileOptions } from './compile-model.js'
import { readCompiled } from './compiled-files.js'
import type { CompiledFiles } from './compiled-files.js'
import type { ComputeType } from './compute-type.js'
import { noteUse } from './last-use.js'
import { pruneCache } from './prune-cache.js'

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
    const { fingerprint } = weights
    const directory = join(cacheDirectory, `${fingerprint.slice(0, 20)}-${computeType}`)
    const wanted = { computeType, fingerprint }
    const known = await readCompiled(directory, wanted)
    if (known !== undefined) {
      await noteUse(directory)
      return known
    }
    const source = resolve(folder)
    const options = { computeType, directory, source, signal }
    const compiled = await compileOnce(weights, options)
    await noteUse(directory)
    await pruneCache(cacheDirectory)
    return compiled
  } finally {
    await weights.close()
  }
}

async function compileOnce(weights: ModelWeights, options: CompileOptions): Promise<CompiledFiles> {
  const { directory, computeType, signal } = options
  const compile = async (): Promise<CompiledFiles> => {
    // Another may have compiled it while this one waited.
    const { fingerprint } = weights
    const done = await readCompiled(directory, { computeType, fingerprint })
    if (done !== undefined) return done
    await removeLeftovers(directory)
    return compileModel(weights, options)
  }
  try {
    await mkdir(dirname(directory), { recursive: true })
    return await withFileLock(`${directory}.lock`, compile, signal)
  } catch (cause) {
    signal?.throwIfAborted()
    const isOfSystem = cause instanceof Error && 'syscall' in cause
    if (isAudioDecodeError(cause) || !isOfSystem) throw cause
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
