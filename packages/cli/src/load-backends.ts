import { explain } from './explain.js'
import { writeLine } from './streams.js'
import type { CliStreams } from './streams.js'
import { style } from './style.js'

/** A backend package and what became of importing it. */
export interface BackendPackage {
  /** Name on npm. */
  readonly name: string
  /** Name under which it registers itself. */
  readonly backend: string
  /** 'missing': not installed. 'broken': installed, but its import failed. */
  readonly state: 'loaded' | 'missing' | 'broken'
  /** Why it is broken. */
  readonly error?: unknown
}

const importers: readonly { name: string; backend: string; load: () => Promise<unknown> }[] = [
  {
    name: '@audiodecode/backend-rust',
    backend: 'rust',
    load: () => import('@audiodecode/backend-rust'),
  },
  {
    name: '@audiodecode/backend-sndfile',
    backend: 'sndfile',
    load: optional('@audiodecode/backend-sndfile'),
  },
  {
    name: '@audiodecode/backend-ffmpeg',
    backend: 'ffmpeg',
    load: optional('@audiodecode/backend-ffmpeg'),
  },
]

/**
 * Imports the backend packages that are installed; each registers itself with core. No addon is loaded: the first decode
 * does that. Never rejects: what is missing or broken is told in the result.
 */
export function loadBackends(): Promise<readonly BackendPackage[]> {
  return Promise.all(
    importers.map(async ({ name, backend, load }): Promise<BackendPackage> => {
      try {
        await load()
        return { name, backend, state: 'loaded' }
      } catch (error) {
        return { name, backend, state: isMissing(error, name) ? 'missing' : 'broken', error }
      }
    }),
  )
}

/**
 * Imports the backends for a command that decodes, and warns of those that are installed but broken, or that belong to this
 * package and are not there.
 */
export async function loadBackendsOrWarn(streams: CliStreams): Promise<void> {
  for (const { name, backend, state, error } of await loadBackends()) {
    if (state === 'loaded' || (state === 'missing' && backend !== 'rust')) continue
    const reason =
      state === 'missing' ? `is not installed; npm install ${name}` : explain(error, streams.env)
    await writeLine(streams, 'stderr', `audiodecode: ${name}: ${style('yellow', reason)}`)
  }
}

/** In a variable, so that neither TypeScript nor a bundler insists on finding an optional package. */
function optional(specifier: string): () => Promise<unknown> {
  return () => import(/* @vite-ignore */ specifier)
}

function isMissing(error: unknown, name: string): boolean {
  if (!(error instanceof Error)) return false
  const code: unknown = Reflect.get(error, 'code')
  return code === 'ERR_MODULE_NOT_FOUND' && error.message.includes(`'${name}'`)
}
