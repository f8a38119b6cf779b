import { defaultLimits } from '@audiodecode/core'
import type { AudioBackend, BackendHandle, BackendRequest, BackendSource } from '@audiodecode/core'

/** A request for everything, as it is in the file. */
export function wholeFile(request: Partial<BackendRequest> = {}): BackendRequest {
  return {
    startFrame: 0,
    endFrame: null,
    mono: false,
    quality: 'best',
    onDamage: 'conceal',
    threads: 1,
    limits: { ...defaultLimits },
    ...request,
  }
}

/** Gives the backend's own handles, without core in between. */
export function opener(
  backend: AudioBackend,
): (place: string | Uint8Array, request?: Partial<BackendRequest>) => Promise<BackendHandle> {
  return async (place, request = {}) => {
    const source: BackendSource =
      typeof place === 'string'
        ? { path: place, bytes: null, label: place }
        : { path: null, bytes: place, label: 'the test bytes' }
    if (backend.open === undefined) throw new Error('the backend has no open')
    return backend.open(source, wholeFile(request))
  }
}
