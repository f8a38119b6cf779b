import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'

import type { AudioData, CacheKey } from '@audiodecode/core'

import { backendVersion } from './backend-version.js'
import { FINISHED, makeRoom, UNFINISHED } from './disk-space.js'
import { openEntry } from './entry-file.js'
import { covers, groupName, parseSpanName, spanName } from './key-name.js'
import type { Span } from './key-name.js'
import { packageVersion } from './package-version.js'
import { partOfEntry } from './part-of-entry.js'
import type { EntryPart } from './part-of-entry.js'
import { writeEntry } from './write-entry.js'

/** Decoded audio in a folder. Nothing in it can make a load fail: what cannot be read or written counts as not there. */
export interface DiskTier {
  find(key: CacheKey, signal: AbortSignal): Promise<AudioData | null>
  /** Writes in the background, if it is to be written: the samples must stay as they are until then. */
  store(key: CacheKey, audio: AudioData): boolean
  /** Removes all entries, in the background. */
  clear(): void
  /** Resolves when all that was begun is done. */
  close(): Promise<void>
}

/** Changes with the notation of keys and files. */
const FORMAT = 'audiodecode-cache-1'

/** A tier of at most `maxBytes` in its own folder within `directory`. */
export function createDiskTier(
  directory: string,
  { maxBytes, maxEntryBytes }: { readonly maxBytes: number; readonly maxEntryBytes: number },
): DiskTier {
  const root = join(resolve(directory), FORMAT)
  let work: Promise<unknown> = Promise.resolve()
  let clearing: Promise<unknown> = Promise.resolve()
  let waitingBytes = 0
  let warned = false
  /** Bytes in the folder as far as this process knows; null before it has looked. */
  let usedBytes: number | null = null
  let writtenSinceLook = 0

  const enqueue = (task: () => Promise<void>): Promise<void> => {
    const done = work.then(task).catch(warn)
    work = done
    return done
  }

  function warn(error: unknown): void {
    if (warned) return
    warned = true
    const reason = error instanceof Error ? error.message : String(error)
    process.emitWarning(`@audiodecode/cache: ${root} cannot be used: ${reason}`)
  }

  const folderOf = (key: CacheKey): string => {
    const hash = createHash('sha256').update(groupName(key)).digest('hex')
    return join(root, hash.slice(0, 40))
  }

  async function write(key: CacheKey, audio: AudioData): Promise<void> {
    const folder = folderOf(key)
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const unfinished = join(folder, `${randomUUID()}${UNFINISHED}`)
    try {
      const bytes = await writeEntry(unfinished, key, audio)
      await rename(unfinished, join(folder, `${spanName(key)}${FINISHED}`))
      usedBytes = usedBytes === null ? null : usedBytes + bytes
      writtenSinceLook += bytes
    } catch (error) {
      await rm(unfinished, { force: true })
      throw error
    }
    // Others write here too: look again after a share of the space, even if this process thinks that there is room.
    if (usedBytes === null || usedBytes > maxBytes || writtenSinceLook > maxBytes / 16) {
      usedBytes = await makeRoom(root, maxBytes)
      writtenSinceLook = 0
    }
  }

  /** Another process may remove the folder between any two steps. */
  async function writeOrAgain(key: CacheKey, audio: AudioData): Promise<void> {
    try {
      await write(key, audio)
    } catch (error) {
      if (!isGone(error) && codeOf(error) !== 'ENOTDIR') throw error
      await write(key, audio).catch((again: unknown) => {
        if (!isGone(again)) throw again
      })
    }
  }

  return {
    async find(key, signal) {
      await clearing
      const folder = folderOf(key)
      for (const span of await spansFor(folder, key)) {
        const found = await readEntry(join(folder, `${spanName(span)}${FINISHED}`), key, signal)
        if (found !== null) return found
      }
      return null
    },
    store(key, audio) {
      const bytes = audio.data.byteLength
      if (bytes > maxEntryBytes || bytes > maxBytes * 0.9) return false
      // A slow disk must not hold everything that was ever decoded in memory.
      if (waitingBytes > 0 && waitingBytes + bytes > maxEntryBytes) return false
      waitingBytes += bytes
      void enqueue(async () => {
        try {
          await writeOrAgain(key, audio)
        } finally {
          waitingBytes -= bytes
        }
      })
      return true
    },
    clear() {
      clearing = enqueue(async () => {
        await removeAll(root)
        usedBytes = 0
      })
    },
    async close() {
      await work
    },
  }
}

const REMOVED = '.removed-'

/** Other processes go on writing: what is there is moved away first, and what they write then begins anew. */
async function removeAll(root: string): Promise<void> {
  try {
    await rename(root, `${root}${REMOVED}${randomUUID()}`)
  } catch (error) {
    if (!isGone(error)) throw error
  }
  // Also what a process that died had moved away.
  const folder = dirname(root)
  for (const name of await readdir(folder).catch(() => [])) {
    if (!name.startsWith(`${FORMAT}${REMOVED}`)) continue
    await rm(join(folder, name), { recursive: true, force: true, maxRetries: 3 })
  }
}

function isGone(error: unknown): boolean {
  return codeOf(error) === 'ENOENT'
}

function codeOf(error: unknown): unknown {
  return error instanceof Error ? Reflect.get(error, 'code') : undefined
}

/** Stored ranges that may hold what is wanted: the same one first, then the shortest. */
async function spansFor(folder: string, key: CacheKey): Promise<readonly Span[]> {
  let names: readonly string[]
  try {
    names = await readdir(folder)
  } catch {
    return []
  }
  const length = ({ startFrame, endFrame }: Span): number => (endFrame ?? Infinity) - startFrame
  return names
    .filter((name) => name.endsWith(FINISHED))
    .map((name) => parseSpanName(name.slice(0, -FINISHED.length)))
    .filter((span) => span !== null)
    .filter((span) => spanName(span) === spanName(key) || covers(span, key))
    .sort((a, b) => length(a) - length(b))
}

async function readEntry(
  path: string,
  key: CacheKey,
  signal: AbortSignal,
): Promise<AudioData | null> {
  try {
    await using entry = await openEntry(path)
    if (entry === null) {
      await rm(path, { force: true })
      return null
    }
    const { header } = entry
    if (groupName(header.key) !== groupName(key)) return null
    if (header.version !== packageVersion()) return null
    if (header.backendVersion !== (await backendVersion(header.backend))) return null
    let part: EntryPart | null = null
    if (spanName(header.key) !== spanName(key)) {
      part = partOfEntry(header, header.key, key)
      if (part === null) return null
    }
    const audio = await entry.read(part, signal)
    if (audio === null) await rm(path, { force: true })
    else await entry.touch().catch(() => {})
    return audio
  } catch (error) {
    if (signal.aborted) throw error
    // Another process has removed it, or it may not be read.
    return null
  }
}
