import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'

import type { ModelConfig } from '../models/model-weights.js'
import type { ComputeType } from './compute-type.js'
import { INT8_FILES } from './write-int8-model.js'

/** Changes whenever graphs are built in another way; models compiled before are then compiled again. */
export const FORMAT_VERSION = 4

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

/** A compiled model on the disk; what runs it opens the files by their paths. */
export interface CompiledFiles extends CompiledModel {
  /** Folder that holds everything. */
  readonly directory: string
  /** Graph of the encoder; its weights with int8. */
  readonly encoder: string
  /** Graph of the decoder; its weights with int8. */
  readonly decoder: string
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
  /** Of the weights it was made from. */
  readonly fingerprint: string
  /** Folder that they lay in. */
  readonly source: string
  /** Everything else in the folder, by name. */
  readonly files: Readonly<Record<string, FileRecord>>
}

/** Names of the files of a compiled model. */
export function fileNames(computeType: ComputeType): readonly string[] {
  if (computeType === 'int8') return Object.values(INT8_FILES)
  return ['encoder.onnx', 'encoder.weights', 'decoder.onnx', 'decoder.weights']
}

/** What a folder's manifest says and where its graphs are. */
export function compiledFiles(directory: string, manifest: CompiledModel): CompiledFiles {
  const { formatVersion, computeType, config, eot } = manifest
  const names =
    computeType === 'int8' ? INT8_FILES : { encoder: 'encoder.onnx', decoder: 'decoder.onnx' }
  const [encoder, decoder] = [join(directory, names.encoder), join(directory, names.decoder)]
  return { formatVersion, computeType, config, eot, directory, encoder, decoder }
}

/**
 * Opens a compiled model; undefined when it is not there, of another version, made from other weights or damaged. Files that are
 * as old and as long as they were when written count as whole; others are read and compared by their checksums.
 */
export async function readCompiled(
  directory: string,
  expected: Pick<Manifest, 'computeType' | 'fingerprint'>,
): Promise<CompiledFiles | undefined> {
  const manifest = await readManifest(join(directory, 'model.json'))
  if (
    manifest?.formatVersion !== FORMAT_VERSION ||
    manifest.computeType !== expected.computeType ||
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
