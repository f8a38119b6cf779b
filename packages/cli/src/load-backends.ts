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

/** In a variable, so that neither TypeScript nor a bundler insists on finding an optional package. */
function optional(specifier: string): () => Promise<unknown> {
  return () => import(/* @vite-ignore */ specifier)
}

function isMissing(error: unknown, name: string): boolean {
  if (!(error instanceof Error)) return false
  const code: unknown = Reflect.get(error, 'code')
  return code === 'ERR_MODULE_NOT_FOUND' && error.message.includes(`'${name}'`)
}
