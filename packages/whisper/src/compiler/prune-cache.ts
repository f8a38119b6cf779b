import { randomUUID } from 'node:crypto'
import { readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

import { FORMAT_VERSION, readManifest } from './compiled-files.js'
import { lastUse } from './last-use.js'

/** Compiled models that stay, whatever their age. Base takes 90 MB in int8, large-v3 1.7 GB. */
const KEPT = 8
const DAY_MS = 24 * 60 * 60 * 1000
/** What has been used since may be in use: who has a model open shows so several times a day. */
const RECENT_MS = DAY_MS
/** Another version of this package may live beside this one. */
const OTHER_VERSION_MS = 14 * DAY_MS

interface Compiled {
  readonly directory: string
  readonly usedMs: number
  readonly isOfThisVersion: boolean
  readonly hasSource: boolean
}

/**
 * Removes compiled models that nobody needs: those whose model is gone, those of versions that are no longer used, all but the
 * eight that were used last, and what ended processes have left. Nothing that was used within a day. Never fails.
 */
export async function pruneCache(cacheDirectory: string, now: number = Date.now()): Promise<void> {
  const models: Compiled[] = []
  for (const name of await readdir(cacheDirectory).catch((): string[] => [])) {
    const directory = join(cacheDirectory, name)
    // Only names that this package gives: the folder may be one that the caller has other things in.
    if (/^[\da-f]{20}-[\w-]+$/u.test(name)) {
      const found = await examine(directory)
      if (found !== undefined) models.push(found)
    } else if (/^[\da-f]{20}-[\w-]+\.[\da-f-]{36}$/u.test(name)) {
      if (now - (await changed(directory)) > RECENT_MS) await remove(directory)
    }
  }
  const current = models.filter((model) => isWanted(model, now))
  const kept = new Set(current.toSorted((a, b) => b.usedMs - a.usedMs).slice(0, KEPT))
  for (const model of models) {
    if (kept.has(model) || now - model.usedMs <= RECENT_MS) continue
    // Somebody may have begun to use it while others were removed.
    if (now - (await lastUse(model.directory)) <= RECENT_MS) continue
    await removeWhole(model.directory)
  }
}

function isWanted({ hasSource, isOfThisVersion, usedMs }: Compiled, now: number): boolean {
  return hasSource && (isOfThisVersion || now - usedMs <= OTHER_VERSION_MS)
}

/** Undefined for what is no compiled model; a broken one is of no version. */
async function examine(directory: string): Promise<Compiled | undefined> {
  const usedMs = await lastUse(directory)
  if (usedMs === 0) return undefined
  const manifest = await readManifest(join(directory, 'model.json'))
  const { source } = manifest ?? {}
  return {
    directory,
    usedMs,
    isOfThisVersion: manifest?.formatVersion === FORMAT_VERSION,
    // The first version did not note it.
    hasSource: typeof source !== 'string' || (await changed(source)) > 0,
  }
}

/** Under another name first, so that nobody finds half of it. */
async function removeWhole(directory: string): Promise<void> {
  const aside = `${directory}.${randomUUID()}`
  try {
    await rename(directory, aside)
  } catch {
    return
  }
  await remove(aside)
}

async function remove(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true }).catch(() => undefined)
}

/** Time of the last change; 0 for what is not there. */
async function changed(path: string): Promise<number> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  )
}
