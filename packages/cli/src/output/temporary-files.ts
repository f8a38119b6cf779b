import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'

/** A file that exists only until it is renamed or removed. */
export interface TemporaryFile {
  /** Where it lies. */
  readonly path: string
  /** Open for reading and writing. */
  readonly handle: FileHandle
}

const existing = new Set<string>()

/** Nobody else has these names. Random once, then counted: a random number takes longer than all else about a name. */
const prefix = `.audiodecode-${randomBytes(8).toString('hex')}`
let count = 0

/** Creates an empty file in `folder` that `removeTemporaryFiles` knows of. */
export async function createTemporaryFile(folder: string): Promise<TemporaryFile> {
  const path = join(folder, `${prefix}-${++count}.tmp`)
  const handle = await open(path, 'wx+')
  existing.add(path)
  return { path, handle }
}

/** Closes and removes a temporary file; one that is gone already is fine. */
export async function removeTemporaryFile(file: TemporaryFile): Promise<void> {
  await file.handle.close().catch(() => {})
  await rm(file.path, { force: true })
  existing.delete(file.path)
}

/** Says that the file has got its final name and is temporary no more. */
export function keepTemporaryFile(file: TemporaryFile): void {
  existing.delete(file.path)
}

/** Removes what is left at once, for the end of the process. */
export function removeTemporaryFiles(): void {
  for (const path of existing) {
    try {
      rmSync(path, { force: true })
    } catch {
      // The process is ending; there is nobody left to tell.
    }
  }
  existing.clear()
}
