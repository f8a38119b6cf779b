import { availableParallelism } from 'node:os'

import type { AudioBackend, BackendTier } from './audio-backend.js'
import type { AudioCache } from './audio-cache.js'
import type { TranscriptionEngine } from './transcription.js'

/** What the process has registered. */
interface Registry {
  readonly backends: Map<string, AudioBackend>
  readonly transcribers: Map<string, TranscriptionEngine>
  cache: AudioCache | null
  /** Set by `configure`, else null. */
  threads: number | null
}

// On globalThis, so that two copies of this module (two versions in node_modules, a bundle) share one registry. The number
// changes only when a contract between packages breaks.
const KEY: unique symbol = Symbol.for('@audiodecode/core:registry@1')
const shared = globalThis as { [KEY]?: Registry }
const registry: Registry = (shared[KEY] ??= {
  backends: new Map(),
  transcribers: new Map(),
  cache: null,
  threads: null,
})

const RANK: Readonly<Record<BackendTier, number>> = { preferred: 0, standard: 1, fallback: 2 }

/**
 * Adds a backend, replacing one of the same name. Called by each backend package on import.
 *
 * @throws TypeError when `backend` is none.
 */
export function registerBackend(backend: AudioBackend): void {
  requireName(backend, 'a backend')
  requireMethods(backend, ['supports', 'decode'], `backend "${backend.name}"`)
  if (!Object.hasOwn(RANK, backend.tier)) {
    throw new TypeError(
      `backend "${backend.name}" needs a tier: 'preferred', 'standard' or 'fallback'`,
    )
  }
  registry.backends.set(backend.name, backend)
}

/** Removes a backend; false when there is none of that name. */
export function unregisterBackend(name: string): boolean {
  return registry.backends.delete(name)
}

/** Registered backends in the order they are asked: by tier, then by time of registration. */
export function listBackends(): readonly AudioBackend[] {
  return [...registry.backends.values()].sort((a, b) => RANK[a.tier] - RANK[b.tier])
}

/** The backend of that name, if it is registered. */
export function findBackend(name: string): AudioBackend | undefined {
  return registry.backends.get(name)
}

/**
 * Makes `cache` the one that `load` and `loadBatch` go through, in place of any other.
 *
 * @throws TypeError when `cache` is none.
 */
export function registerCache(cache: AudioCache): void {
  requireMethods(cache, ['load', 'clear', 'close'], 'a cache')
  registry.cache = cache
}

/** The registered cache, or null. */
export function registeredCache(): AudioCache | null {
  return registry.cache
}

/**
 * Adds a transcription engine, replacing one of the same name.
 *
 * @throws TypeError when `engine` is none.
 */
export function registerTranscriber(engine: TranscriptionEngine): void {
  requireName(engine, 'a transcriber')
  requireMethods(engine, ['transcribe', 'close'], `transcriber "${engine.name}"`)
  registry.transcribers.set(engine.name, engine)
}

/** Registered transcription engines in order of registration. */
export function listTranscribers(): readonly TranscriptionEngine[] {
  return [...registry.transcribers.values()]
}

/**
 * Sets the one budget of native and worker threads for the whole process, shared by decoding, features and Whisper.
 *
 * @throws TypeError or RangeError when `threads` is not a whole number of 1 or more.
 */
export function configure(options: { threads?: number }): void {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError('configure() takes an object')
  }
  const { threads } = options
  if (threads === undefined) return
  if (typeof threads !== 'number') throw new TypeError('threads must be a number')
  if (!Number.isSafeInteger(threads) || threads < 1) {
    throw new RangeError(`threads must be a whole number of 1 or more, not ${threads}`)
  }
  registry.threads = threads
}

/** Cores this process may run on. Asked once, since it is a call of the system and every file asks. */
let cores: number | undefined

/** Threads this process may use altogether: what `configure` said, or else the cores it may run on. */
export function threadBudget(): number {
  return registry.threads ?? (cores ??= availableParallelism())
}

function requireName(plugin: unknown, what: string): void {
  const name: unknown =
    typeof plugin === 'object' && plugin !== null ? Reflect.get(plugin, 'name') : undefined
  if (typeof name !== 'string' || name === '') {
    throw new TypeError(`${what} must be an object with a name`)
  }
}

function requireMethods(plugin: unknown, methods: readonly string[], what: string): void {
  if (typeof plugin !== 'object' || plugin === null) {
    throw new TypeError(`${what} must be an object`)
  }
  for (const method of methods) {
    if (typeof Reflect.get(plugin, method) !== 'function') {
      throw new TypeError(`${what} needs the method ${method}()`)
    }
  }
}
