import { lstat, readdir, rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'

/** A file of the folder. */
interface StoredFile {
  readonly path: string
  readonly bytes: number
  readonly usedMs: number
}

/** How old an unfinished file must be before it is taken for that of a process that died. */
const ABANDONED_MS = 3_600_000

/** After making room a tenth of the space is free, so that not every entry asks for it. */
const KEPT_SHARE = 0.9

/** Bytes of the entries in `root`, after dropping those used longest ago until they fit `maxBytes`. */
export async function makeRoom(root: string, maxBytes: number): Promise<number> {
  const files: StoredFile[] = []
  let total = 0
  for (const group of await names(root)) {
    for (const name of await names(join(root, group))) {
      const path = join(root, group, name)
      const found = await look(path)
      if (found === null) continue
      if (name.endsWith(UNFINISHED) && Date.now() - found.usedMs > ABANDONED_MS) {
        await rm(path, { force: true })
        continue
      }
      total += found.bytes
      if (name.endsWith(FINISHED)) files.push(found)
    }
  }
  if (total <= maxBytes) return total
  files.sort((a, b) => a.usedMs - b.usedMs)
  for (const { path, bytes } of files) {
    if (total <= maxBytes * KEPT_SHARE) break
    await rm(path, { force: true })
    total -= bytes
    // Fails while there are others in it.
    await rmdir(join(path, '..')).catch(() => {})
  }
  return total
}

/** Endings of names in the folder. */
export const FINISHED = '.f32'
export const UNFINISHED = '.tmp'

// What another process has removed in the meantime is not there.
async function names(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder)
  } catch {
    return []
  }
}

async function look(path: string): Promise<StoredFile | null> {
  try {
    const found = await lstat(path)
    return found.isFile() ? { path, bytes: found.size, usedMs: found.mtimeMs } : null
  } catch {
    return null
  }
}
