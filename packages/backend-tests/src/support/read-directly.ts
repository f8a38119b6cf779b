import { defaultLimits } from '@audiodecode/core'
import type { AudioBackend, BackendRequest, BackendResult, BackendSource } from '@audiodecode/core'

/** Asks the backend for a whole file, as core does, but without core. */
export async function readDirectly(
  backend: AudioBackend,
  bytes: Uint8Array,
  more: Partial<BackendRequest> = {},
): Promise<BackendResult> {
  const source: BackendSource = { path: null, bytes, label: `${bytes.length} bytes` }
  const request: BackendRequest = {
    startFrame: 0,
    endFrame: null,
    mono: false,
    quality: 'best',
    onDamage: 'conceal',
    threads: 1,
    limits: defaultLimits,
    ...more,
  }
  if (backend.open === undefined) return backend.decode(source, request)
  const handle = await backend.open(source, request)
  try {
    return await handle.decode(request)
  } finally {
    await handle.close()
  }
}
