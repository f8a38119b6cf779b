import { randomUUID } from 'node:crypto'
import { mkdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'

import type { ModelWeights } from '../models/model-weights.js'
import { compiledFiles, FORMAT_VERSION } from './compiled-files.js'
import type { CompiledFiles, FileRecord, Manifest } from './compiled-files.js'
import type { ComputeType } from './compute-type.js'
import { buildDecoder } from './decoder-graph.js'
import { buildEncoder } from './encoder-graph.js'
import { buildHalfDecoder } from './half-decoder-graph.js'
import type { LinearKind } from './linear.js'
import { ModelGraph } from './model-graph.js'
import { createOutputHead } from './output-head.js'
import type { WrittenFile } from './weights-writer.js'
import { writeGraph, writeSafely } from './write-graph.js'
import { writeInt8Model } from './write-int8-model.js'

export type { CompiledFiles, CompiledModel } from './compiled-files.js'
export type { ComputeType } from './compute-type.js'

/** How to compile. */
export interface CompileOptions {
  /** How the model shall compute. */
  readonly computeType: ComputeType
  /** Folder for the result; appears, or is replaced, as a whole once everything is written. */
  readonly directory: string
  /** Folder of the weights, which is noted: when it is gone, the result is no longer needed. */
  readonly source?: string
  /** Stops the work between two weights. */
  readonly signal?: AbortSignal | undefined
}

/** Turns weights into graphs for onnxruntime. Takes seconds for a base model, a minute or two for a large one. */
export async function compileModel(
  weights: ModelWeights,
  { computeType, directory, source = '', signal }: CompileOptions,
): Promise<CompiledFiles> {
  const target = resolve(directory)
  const beside = `${target}.${randomUUID()}`
  await mkdir(dirname(target), { recursive: true })
  await mkdir(beside)
  try {
    const model = signal === undefined ? weights : abortable(weights, signal)
    const manifest = await writeModel(model, { computeType, source }, beside)
    await writeSafely(join(beside, 'model.json'), JSON.stringify(manifest))
    await replaceFolder(target, beside)
    return compiledFiles(target, manifest)
  } catch (error) {
    await rm(beside, { recursive: true, force: true })
    throw error
  }
}

async function writeModel(
  weights: ModelWeights,
  form: { computeType: ComputeType; source: string },
  directory: string,
): Promise<Manifest> {
  const written =
    form.computeType === 'int8'
      ? await writeInt8Model(directory, weights)
      : await writeGraphs(directory, weights, form.computeType)
  const { config, fingerprint } = weights
  const files = await withTimes(directory, written)
  const eot = config.endOfText
  return { formatVersion: FORMAT_VERSION, ...form, config, eot, fingerprint, files }
}

async function writeGraphs(
  directory: string,
  weights: ModelWeights,
  kind: LinearKind,
): Promise<Readonly<Record<string, WrittenFile>>> {
  return {
    ...(await writeGraph(directory, 'encoder', (graph) =>
      buildEncoder(new ModelGraph(graph, weights, kind)),
    )),
    ...(await writeGraph(directory, 'decoder', async (graph) => {
      const builder = new ModelGraph(graph, weights, kind)
      const build = kind === 'float32' ? buildDecoder : buildHalfDecoder
      await build(builder, createOutputHead(builder))
    })),
  }
}

async function withTimes(
  directory: string,
  written: Readonly<Record<string, WrittenFile>>,
): Promise<Readonly<Record<string, FileRecord>>> {
  const records = Object.entries(written).map(async ([name, file]) => {
    const { mtimeMs } = await stat(join(directory, name))
    return [name, { ...file, changed: mtimeMs }] as const
  })
  return Object.fromEntries(await Promise.all(records))
}

/** Puts `beside` in the place of `target`. */
async function replaceFolder(target: string, beside: string): Promise<void> {
  const aside = `${target}.${randomUUID()}`
  try {
    await rename(target, aside)
  } catch {
    // Nothing was there.
  }
  await rename(beside, target)
  await rm(aside, { recursive: true, force: true })
}

function abortable(weights: ModelWeights, signal: AbortSignal): ModelWeights {
  return {
    ...weights,
    async tensor(name) {
      signal.throwIfAborted()
      return weights.tensor(name)
    },
  }
}
