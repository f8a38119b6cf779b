import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import { AudioDecodeError, isAudioDecodeError } from '@audiodecode/core'

import { withFileLock } from '../file-lock.js'
import { modelError } from '../models/model-error.js'
import { blobIdentity } from './blob-hash.js'
import type { ListedFile } from './blob-hash.js'
import { downloadBlob, isWholeBlob } from './download-blob.js'
import { cachedSnapshot, exists, isCommit, linkBlob, lockPath } from './hub-cache.js'
import { repositoryFolder, setReference } from './hub-cache.js'
import { downloadError, offlineError } from './hub-error.js'
import type { FailedDownload } from './hub-error.js'
import { hubFetch, withRetries } from './hub-fetch.js'
import type { HubAccess } from './hub-fetch.js'
import { hubSettings, hubToken } from './hub-settings.js'
import { wantedFiles } from './model-files.js'

/** How far a file of a model has come. */
export interface DownloadProgress {
  /** Name in the repository, e.g. 'model.bin'. */
  readonly file: string
  /** Bytes on the disk, those of an earlier attempt included. */
  readonly loadedBytes: number
  /** Bytes in all, or null when the server does not say. */
  readonly totalBytes: number | null
}

/** How a model is fetched. */
export interface DownloadOptions {
  /** Never ask the hub. Default: what `HF_HUB_OFFLINE` says. */
  readonly localFilesOnly?: boolean | undefined
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined
  readonly signal?: AbortSignal | undefined
  /** Pause before the first repetition. Default 300. */
  readonly pauseMs?: number | undefined
}

/**
 * The folder of a model of the hub, in the cache that Python's huggingface_hub uses too. What is there is taken without a
 * request; else the files that are needed are fetched, by one process while the others wait.
 */
export async function downloadModel(
  repository: string,
  options: DownloadOptions = {},
): Promise<string> {
  const { endpoint, cache, offline } = hubSettings()
  const cached = await cachedSnapshot(cache, repository)
  if (cached !== undefined) return cached
  const folder = repositoryFolder(cache, repository)
  const token = await hubToken()
  const failed = { repository, endpoint, folder, hasToken: token !== undefined }
  if (options.localFilesOnly ?? false) throw offlineError(failed, 'localFilesOnly is set')
  if (offline) throw offlineError(failed, 'HF_HUB_OFFLINE is set')
  const { signal, pauseMs } = options
  const access = { endpoint, token, signal, pauseMs }
  try {
    const lock = lockPath(cache, repository)
    await mkdir(dirname(lock), { recursive: true })
    return await withFileLock(
      lock,
      async () =>
        // Another may have fetched it while this one waited.
        (await cachedSnapshot(cache, repository)) ??
        fetchSnapshot(failed, access, options.onProgress),
      signal,
    )
  } catch (error) {
    signal?.throwIfAborted()
    throw failure(error, failed)
  }
}

/** Fetches all files that are needed. @returns The folder of the snapshot. */
async function fetchSnapshot(
  failed: FailedDownload,
  access: HubAccess,
  onProgress: DownloadOptions['onProgress'],
): Promise<string> {
  const { repository, endpoint, folder: root } = failed
  const fetch = hubFetch(access)
  const { commit, files } = await withRetries(access, async () =>
    listModel(repository, endpoint, fetch),
  )
  const listed = new Map(files.map((file) => [file.path, file]))
  const wanted = wantedFiles([...listed.keys()])
  if (wanted === undefined) {
    throw modelError(
      repository,
      'there is no model in this repository that can be read',
      'It needs model.bin (CTranslate2), model.safetensors or an ONNX export that is not quantised. ' +
        'For faster-whisper there are Systran/faster-whisper-*.',
    )
  }
  const snapshot = join(root, 'snapshots', commit)
  for (const file of wanted) {
    const identity = blobIdentity(listed.get(file) ?? { path: file, size: 0 })
    if (identity === undefined) throw new Error(`the hub gives no checksum of ${file}`)
    const pointer = join(snapshot, file)
    if (await exists(pointer)) continue
    const blob = join(root, 'blobs', identity.digest)
    const onBytes = throttled((loadedBytes) =>
      onProgress?.({ file, loadedBytes, totalBytes: identity.size }),
    )
    const url = `${endpoint}/${repository}/resolve/${commit}/${file}`
    // It has no name in a snapshot yet: left by Python, or by whoever has deleted a damaged model.
    if (!(await isWholeBlob(blob, identity))) {
      await downloadBlob({ url, path: blob, identity, access, fetch, onBytes })
    }
    onProgress?.({ file, loadedBytes: identity.size, totalBytes: identity.size })
    await linkBlob(blob, pointer)
  }
  await setReference(root, commit)
  return snapshot
}

async function listModel(
  repository: string,
  hubUrl: string,
  fetch: typeof globalThis.fetch,
): Promise<{ commit: string; files: readonly ListedFile[] }> {
  // Only who downloads pays for the import.
  const { listFiles, modelInfo } = await import('@huggingface/hub')
  const { sha } = await modelInfo({
    name: repository,
    hubUrl,
    fetch,
    revision: 'main',
    additionalFields: ['sha'],
  })
  if (!isCommit(sha)) throw new Error(`it says nothing of the version of ${repository}`)
  const files: ListedFile[] = []
  const found = listFiles({ repo: repository, hubUrl, fetch, revision: sha, recursive: true })
  for await (const file of found) if (file.type === 'file') files.push(file)
  return { commit: sha, files }
}

/** Passes on at most every 100 ms. */
function throttled(tell: (bytes: number) => void): (bytes: number) => void {
  let last = 0
  return (bytes) => {
    const now = performance.now()
    if (now - last < 100) return
    last = now
    tell(bytes)
  }
}

function failure(error: unknown, failed: FailedDownload): unknown {
  if (isAudioDecodeError(error)) return error
  if (error instanceof Error && 'syscall' in error && 'path' in error) {
    return new AudioDecodeError(
      'ERR_IO',
      `${failed.repository} cannot be written to ${failed.folder} (${error.message}). ` +
        'Free some space there, or set HF_HUB_CACHE to a folder that can be written to.',
      { cause: error },
    )
  }
  return downloadError(error, failed)
}
