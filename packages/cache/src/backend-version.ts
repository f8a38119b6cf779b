import { listBackends } from '@audiodecode/core'
import type { AudioBackend } from '@audiodecode/core'

const versions = new WeakMap<AudioBackend, Promise<string | null>>()

/**
 * What the backend of that name says its version is, asked once; null when it says nothing. Entries on disk are those of one
 * version: another FFmpeg may decode otherwise. Loads the backend's addon.
 */
export async function backendVersion(name: string): Promise<string | null> {
  const backend = listBackends().find((candidate) => candidate.name === name)
  if (backend === undefined) return null
  const known = versions.get(backend) ?? ask(backend)
  versions.set(backend, known)
  return known
}

async function ask(backend: AudioBackend): Promise<string | null> {
  try {
    return (await backend.status?.())?.version ?? null
  } catch {
    return null
  }
}
