import { defaultLimits } from '@audiodecode/core'
import type { BackendHandle, BackendRequest, BackendSource } from '@audiodecode/core'

import { ffmpegBackend } from '../src/index.js'

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

/** The backend's own handle, without core in between. */
export async function openFfmpeg(
  place: string | Uint8Array,
  request: Partial<BackendRequest> = {},
): Promise<BackendHandle> {
  const source: BackendSource =
    typeof place === 'string'
      ? { path: place, bytes: null, label: place }
      : { path: null, bytes: place, label: 'the test bytes' }
  if (ffmpegBackend.open === undefined) throw new Error('the backend has no open')
  return ffmpegBackend.open(source, wholeFile(request))
}
