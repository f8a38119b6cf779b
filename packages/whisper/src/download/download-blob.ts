import type { Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'

import { startHash } from './blob-hash.js'
import type { BlobIdentity } from './blob-hash.js'
import { readBody, withRetries } from './hub-fetch.js'
import type { HubAccess } from './hub-fetch.js'

/** A blob to fetch. The library's own download neither goes on where it was cut nor checks what has come. */
export interface BlobDownload {
  readonly url: string
  /** Where it is put once it is whole. */
  readonly path: string
  readonly identity: BlobIdentity
  readonly access: HubAccess
  readonly fetch: typeof fetch
  /** Is told how many bytes are there. */
  readonly onBytes: (bytes: number) => void
}

/**
 * Fetches a blob, going on behind what an earlier attempt has left, and checks it. What has come stays when the connection ends.
 * Not Python's name for it: both may be at it at the same time.
 */
export async function downloadBlob(download: BlobDownload): Promise<void> {
  const { path, identity, access } = download
  const partial = `${path}.audiodecode.incomplete`
  await mkdir(dirname(path), { recursive: true })
  const resumed = await sizeOf(partial)
  if (await fetched(download, partial)) return
  // What was there before may have been of another file or half written; from the start it must be right.
  if (resumed > 0 && (await fetched(download, partial))) return
  access.signal?.throwIfAborted()
  throw new Error(
    `what comes from ${download.url} is not the file that the hub lists (${identity.algorithm} ${identity.digest})`,
  )
}

/** Whether a blob that is there is what it should be; one that is not is removed. */
export async function isWholeBlob(path: string, identity: BlobIdentity): Promise<boolean> {
  const size = await sizeOf(path)
  const hash = size === identity.size ? await hashOf(path, size, identity) : undefined
  if (hash?.digest('hex') === identity.digest) return true
  await rm(path, { force: true })
  return false
}

/** False when what has come is not what was wanted; it is removed then. */
async function fetched(download: BlobDownload, partial: string): Promise<boolean> {
  const digest = await withRetries(download.access, async (progressed) =>
    fetchRest(download, partial, progressed),
  )
  if (digest !== download.identity.digest) {
    await rm(partial, { force: true })
    return false
  }
  await rename(partial, download.path)
  return true
}

/** One request for what is missing. @returns The digest of the whole. */
async function fetchRest(
  { url, identity, access, fetch, onBytes }: BlobDownload,
  partial: string,
  progressed: () => void,
): Promise<string> {
  const { size } = identity
  if ((await sizeOf(partial)) > size) await rm(partial)
  const had = await sizeOf(partial)
  let hash = await hashOf(partial, had, identity)
  const file = await open(partial, 'a')
  try {
    let at = had
    onBytes(at)
    if (at === size) return hash.digest('hex')
    const headers: Record<string, string> = had === 0 ? {} : { range: `bytes=${had}-` }
    // Compressed on the way, ranges would be of something else.
    headers['accept-encoding'] = 'identity'
    const body = readBody(async (signal) => fetch(url, { headers, signal }))
    let isFirst = true
    for await (const { response, chunk } of body) {
      access.signal?.throwIfAborted()
      if (isFirst && had > 0 && !continues(response, had)) {
        // The server has begun anew.
        await file.truncate(0)
        hash = startHash(identity)
        at = 0
      }
      isFirst = false
      if (at + chunk.length > size) throw new Error(`more than the ${size} bytes it should have`)
      await write(file, chunk)
      hash.update(chunk)
      at += chunk.length
      progressed()
      onBytes(at)
    }
    if (at < size) throw new Error(`the connection ended after ${at} of ${size} bytes`)
    await file.sync()
    return hash.digest('hex')
  } finally {
    await file.close()
  }
}

/** Whether an answer begins where the file ends. */
function continues(response: Response, from: number): boolean {
  if (response.status !== 206) return false
  const range = /^bytes (\d+)-/u.exec(response.headers.get('content-range') ?? '')
  if (Number(range?.[1]) === from) return true
  throw new Error(
    `the server sends another part than was asked for (from ${range?.[1]}, not ${from})`,
  )
}

async function write(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let done = 0; done < chunk.length;) {
    done += (await file.write(chunk, done, chunk.length - done)).bytesWritten
  }
}

async function hashOf(path: string, length: number, identity: BlobIdentity): Promise<Hash> {
  const hash = startHash(identity)
  if (length === 0) return hash
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array)
  return hash
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  )
}
