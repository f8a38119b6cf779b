import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'

import type { ModelConfig } from '../models/model-weights.js'
import type { ComputeType, IntegerWeights } from './compute-type.js'
import { INT8_DECODER } from './write-int8-decoder.js'

/** Changes whenever graphs are built in another way; models compiled before are then compiled again. */
export const FORMAT_VERSION = 3

/** What a compiled model is. */
export interface CompiledModel {
  /** Version of the graphs. */
  readonly formatVersion: number
  /** How it computes. */
  readonly computeType: ComputeType
  /** Shape and special tokens. */
  readonly config: ModelConfig
  /** First special token. */
  readonly eot: number
}

/** A decoder on the disk: a graph for onnxruntime, or weights for the addon. */
export interface CompiledDecoder {
  readonly kind: 'onnx' | 'int8'
  readonly path: string
}

/** A compiled model on the disk; what runs it opens the files by their paths. */
export interface CompiledFiles extends CompiledModel {
  /** Folder that holds everything. */
  readonly directory: string
  /** Graph of the encoder. */
  readonly encoder: string
  readonly decoder: CompiledDecoder
}

/** One file of a compiled model, as it was when it was written. */
export interface FileRecord {
  /** Length. */
  readonly bytes: number
  /** Checksum, in hexadecimal digits. */
  readonly sha256: string
  /** Time of the last change, in milliseconds. */
  readonly changed: number
}

/** `model.json` of a compiled model. */
export interface Manifest extends CompiledModel {
  /** How int8 weights are stored. */
  readonly integers: IntegerWeights
  /** Of the weights it was made from. */
  readonly fingerprint: string
  /** Folder that they lay in. */
  readonly source: string
  /** Everything else in the folder, by name. */
  readonly files: Readonly<Record<string, FileRecord>>
}

/** Names of the files of a compiled model. */
export function fileNames(computeType: ComputeType): readonly string[] {
  const decoder = computeType === 'int8' ? [INT8_DECODER] : ['decoder.onnx', 'decoder.weights']
  return ['encoder.onnx', 'encoder.weights', ...decoder]
}

/** What a folder's manifest says and where its graphs are. */
export function compiledFiles(directory: string, manifest: CompiledModel): CompiledFiles {
  const { formatVersion, computeType, config, eot } = manifest
  const encoder = join(directory, 'encoder.onnx')
  const decoder: CompiledDecoder =
    computeType === 'int8'
      ? { kind: 'int8', path: join(directory, INT8_DECODER) }
      : { kind: 'onnx', path: join(directory, 'decoder.onnx') }
  return { formatVersion, computeType, config, eot, directory, encoder, decoder }
}

/**
 * Opens a compiled model; undefined when it is not there, of another version, made from other weights or damaged. Files that are
 * as old and as long as they were when written count as whole; others are read and compared by their checksums.
 */
export async function readCompiled(
  directory: string,
  expected: Pick<Manifest, 'computeType' | 'integers' | 'fingerprint'>,
): Promise<CompiledFiles | undefined> {
  const manifest = await readManifest(join(directory, 'model.json'))
  if (
    manifest?.formatVersion !== FORMAT_VERSION ||
    manifest.computeType !== expected.computeType ||
    manifest.integers !== expected.integers ||
    manifest.fingerprint !== expected.fingerprint
  ) {
    return undefined
  }
  for (const name of fileNames(expected.computeType)) {
    if (!(await isWhole(join(directory, name), manifest.files[name]))) return undefined
  }
  return compiledFiles(directory, manifest)
}

/** What `model.json` says; undefined when it is not there or no JSON. */
export async function readManifest(path: string): Promise<Manifest | undefined> {
  try {
    // Written by this package alone; its version is checked before anything else of it is used.
    return JSON.parse(await readFile(path, 'utf8')) as Manifest
  } catch {
    return undefined
  }
}

async function isWhole(path: string, record: FileRecord | undefined): Promise<boolean> {
  if (record === undefined) return false
  try {
    const { size, mtimeMs } = await stat(path)
    if (size !== record.bytes) return false
    return mtimeMs === record.changed || (await checksum(path)) === record.sha256
  } catch {
    return false
  }
}

async function checksum(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    hash.update(chunk as Uint8Array)
  }
  return hash.digest('hex')
}
