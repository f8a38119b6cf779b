import { link, open, realpath, rename, stat } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname } from 'node:path'

import { CliError } from '../cli-error.js'
import { write } from '../streams.js'
import type { CliOutput } from '../streams.js'
import { createTemporaryFile, keepTemporaryFile, removeTemporaryFile } from './temporary-files.js'
import type { TemporaryFile } from './temporary-files.js'

/** Where an output goes and what it must not destroy. */
export interface OutputFileOptions {
  /** Path of the result, or null for `stdout`. */
  readonly path: string | null
  /** Takes the result when `path` is null. */
  readonly stdout: CliOutput
  /** Whether an existing file may be replaced. */
  readonly force: boolean
  /** Files that must survive whatever `force` says. */
  readonly inputs: readonly string[]
}

/** A result that becomes visible all at once, or not at all. */
export interface OutputFile {
  /** What is written until `commit`. */
  readonly handle: FileHandle
  /** Another file for the time of writing, on the same disk. */
  scratch(): Promise<FileHandle>
  /** Gives the result its name, or copies it to where no name can be given (stdout, a pipe, a device). */
  commit(): Promise<void>
  /** Removes whatever `commit` has not kept. Call it in any case. */
  close(): Promise<void>
}

/**
 * Begins a result beside its final place.
 *
 * @throws CliError when it exists and `force` is false, is one of the inputs, or has no folder.
 */
export async function openOutputFile(options: OutputFileOptions): Promise<OutputFile> {
  const place = await findPlace(options)
  const main = await createTemporaryFile(place.folder)
  const all: TemporaryFile[] = [main]
  return {
    handle: main.handle,
    async scratch() {
      const file = await createTemporaryFile(place.folder)
      all.push(file)
      return file.handle
    },
    async commit() {
      if (place.kind === 'copy') return copyTo(main.handle, options)
      await main.handle.close()
      await giveName(main, place.path, options)
    },
    async close() {
      for (const file of all) await removeTemporaryFile(file)
    },
  }
}

type Place =
  | { readonly kind: 'rename'; readonly folder: string; readonly path: string }
  | { readonly kind: 'copy'; readonly folder: string }

async function findPlace(options: OutputFileOptions): Promise<Place> {
  const { path } = options
  if (path === null) return { kind: 'copy', folder: tmpdir() }
  const found = await statOrNull(path)
  if (found === null) {
    const folder = dirname(path)
    if ((await statOrNull(folder))?.isDirectory() !== true) {
      throw new CliError(`cannot write ${path}: there is no folder ${folder}; create it first`)
    }
    return { kind: 'rename', folder, path }
  }
  if (found.isDirectory()) throw new CliError(`cannot write ${path}: it is a folder`)
  // Renaming onto a device or a named pipe would replace it.
  if (!found.isFile()) return { kind: 'copy', folder: tmpdir() }
  for (const input of options.inputs) {
    const other = await statOrNull(input)
    if (other !== null && other.dev === found.dev && other.ino === found.ino) {
      throw new CliError(`would write over the input ${input}; choose another name for the output`)
    }
  }
  if (!options.force) throw alreadyThere(path)
  // The file a symbolic link points to is replaced, not the link.
  const target = await realpath(path)
  return { kind: 'rename', folder: dirname(target), path: target }
}

async function giveName(
  file: TemporaryFile,
  path: string,
  options: OutputFileOptions,
): Promise<void> {
  if (!options.force) {
    // Unlike rename, link fails when somebody else has made the file meanwhile.
    try {
      await link(file.path, path)
      return
    } catch (error) {
      if (codeOf(error) === 'EEXIST') throw alreadyThere(path)
      if ((await statOrNull(path)) !== null) throw alreadyThere(path)
      // A file system without links: a plain rename has to do.
    }
  }
  await rename(file.path, path)
  keepTemporaryFile(file)
}

async function copyTo(from: FileHandle, { path, stdout }: OutputFileOptions): Promise<void> {
  const to = path === null ? null : await open(path, 'w')
  try {
    const chunk = new Uint8Array(256 * 1024)
    for (let position = 0; ;) {
      const { bytesRead } = await from.read(chunk, 0, chunk.length, position)
      if (bytesRead === 0) return
      position += bytesRead
      // A copy: the stream may hold on to what it was given.
      const bytes = chunk.slice(0, bytesRead)
      await (to === null ? write(stdout, bytes) : to.writeFile(bytes))
    }
  } finally {
    await to?.close()
  }
}

function alreadyThere(path: string): CliError {
  return new CliError(`${path} already exists; --force replaces it`)
}

async function statOrNull(path: string): Promise<Awaited<ReturnType<typeof stat>> | null> {
  try {
    return await stat(path)
  } catch (error) {
    const code = codeOf(error)
    if (code === 'ENOENT' || code === 'ENOTDIR') return null
    throw error
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error ? Reflect.get(error, 'code') : undefined
}
