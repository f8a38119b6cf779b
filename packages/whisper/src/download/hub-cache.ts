import { mkdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'

import { missingOfModel } from './model-files.js'

/** Folder of a repository in the layout that huggingface_hub has: `blobs`, `refs` and `snapshots`. */
export function repositoryFolder(cache: string, repository: string): string {
  return join(cache, `models--${repository.replace('/', '--')}`)
}

/** Held while a repository is fetched; beside the locks of huggingface_hub, which are of another kind. */
export function lockPath(cache: string, repository: string): string {
  return join(cache, '.locks', `models--${repository.replace('/', '--')}`, 'audiodecode.lock')
}

/** The folder of the model when all of it is in the cache, else undefined; asks nothing of the hub. */
export async function cachedSnapshot(
  cache: string,
  repository: string,
): Promise<string | undefined> {
  const root = repositoryFolder(cache, repository)
  try {
    const commit = (await readFile(join(root, 'refs', 'main'), 'utf8')).trim()
    const folder = join(root, 'snapshots', commit)
    return isCommit(commit) && (await missingOfModel(folder)) === null ? folder : undefined
  } catch {
    return undefined
  }
}

/** Whether a name of a version is what the hub gives, and no path. */
export function isCommit(commit: string): boolean {
  return /^[\da-f]{40,64}$/u.test(commit)
}

/** Makes this version the one that is found. */
export async function setReference(root: string, commit: string): Promise<void> {
  const path = join(root, 'refs', 'main')
  await mkdir(dirname(path), { recursive: true })
  const beside = `${path}.audiodecode`
  await writeFile(beside, commit)
  await rename(beside, path)
}

/** Shows a blob under its name in a snapshot. Where links are not allowed it is moved there, as huggingface_hub does. */
export async function linkBlob(blob: string, pointer: string): Promise<void> {
  if (await exists(pointer)) return
  await mkdir(dirname(pointer), { recursive: true })
  await rm(pointer, { force: true })
  try {
    await symlink(relative(dirname(pointer), blob), pointer)
  } catch (error) {
    if (await exists(pointer)) return
    if (process.platform !== 'win32') throw error
    await rename(blob, pointer)
  }
}

/** Whether something is there; a link counts by what it points to. */
export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
