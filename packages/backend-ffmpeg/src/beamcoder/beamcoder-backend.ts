import type { AudioBackend, BackendRequest, BackendSource, PluginStatus } from '@audiodecode/core'

import { supportsProbe } from '../supports-probe.js'
import { BeamcoderProcess } from './beamcoder-process.js'
import { failure, NAME } from './failure.js'
import { ADVICE, childFolder, findBeamcoder } from './find-beamcoder.js'
import { openFile } from './open-file.js'
import { ProcessPool } from './process-pool.js'

const pools = new Map<string, ProcessPool>()

/** The processes for the copy of beamcoder that is found now, or why there is none. */
function findPool(): ProcessPool | { readonly reason: string } {
  const found = findBeamcoder()
  if ('reason' in found) return found
  const known = pools.get(found.folder)
  if (known !== undefined) return known
  const pool = new ProcessPool(() => new BeamcoderProcess(childFolder(), found.folder))
  pools.set(found.folder, pool)
  return pool
}

const open: NonNullable<AudioBackend['open']> = async (source, request) => {
  const pool = findPool()
  if (pool instanceof ProcessPool) return openFile(pool, source, request)
  throw failure('ERR_BACKEND_UNAVAILABLE', `${pool.reason}. ${ADVICE}`, source.label)
}

/**
 * A second backend on FFmpeg, through the npm package `beamcoder`, for those who have it already. It is registered as "beamcoder" by
 * importing `@audiodecode/backend-ffmpeg/beamcoder`, and looks for that package when it is first used; without it, decoding is
 * ERR_BACKEND_UNAVAILABLE, and `status()` says what to install. It decodes in processes of its own, since beamcoder crashes whenever
 * FFmpeg reports an error; everything before a range is decoded; bytes go through a temporary file.
 */
export const beamcoderBackend: AudioBackend = {
  name: NAME,
  tier: 'fallback',
  supports: supportsProbe,
  capabilities: { range: true, out: true, inputs: ['path'] },
  open,
  decode: async (source: BackendSource, request: BackendRequest) => {
    const handle = await open(source, request)
    return handle.decode(request)
  },
  info: async (source: BackendSource, request: BackendRequest) =>
    (await open(source, request)).info,
  status,
}

/** Starts a process, since only loading it shows whether its FFmpeg is there. */
async function status(): Promise<PluginStatus> {
  const pool = findPool()
  if (!(pool instanceof ProcessPool)) return unavailable(pool.reason)
  return pool.use(undefined, async ({ ready }) =>
    ready.then(
      (version) => ({ available: true, version: `beamcoder on FFmpeg ${version}`, hint: null }),
      (error: Error) => unavailable(`beamcoder cannot be loaded: ${error.message}`),
    ),
  )
}

function unavailable(reason: string): PluginStatus {
  return { available: false, version: null, hint: `${reason}. ${ADVICE}` }
}
