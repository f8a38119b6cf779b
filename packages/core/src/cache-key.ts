import { setImmediate as nextTurn } from 'node:timers/promises'

import type { AudioBackend } from './audio-backend.js'
import type { CacheKey } from './audio-cache.js'
import type { CheckedOptions } from './check-options.js'
import { toFrameSpan } from './frame-span.js'
import type { FrameFacts } from './frame-span.js'
import { findBackend, listBackends } from './registry.js'

/** Finds out the rate of a file, and its exact length when that is needed. */
export type FindFacts = (exact: boolean) => Promise<FrameFacts>

/** What makes a decode of `source` the same as another. `find` is called for ranges of files that were not seen lately. */
export async function cacheKeyOf(
  source: string,
  options: CheckedOptions,
  find: FindFacts,
): Promise<CacheKey> {
  const { sampleRate, mono, quality, track, onDamage, offset, duration } = options
  const backend = namesOfBackends(options.backends)
  const decides = [sampleRate ?? null, mono, quality, track ?? null, onDamage]
  const base = { source, backend, options: JSON.stringify(decides) }
  if (offset === 0 && duration === undefined) {
    return { ...base, nativeRate: null, startFrame: 0, endFrame: null }
  }
  const facts = await factsOf(`${source}|${backend}|${track ?? ''}`, offset < 0, find)
  return { ...base, nativeRate: facts.sampleRate, ...toFrameSpan(facts, offset, duration) }
}

/** Bytes that are hashed in the time that decoding them is worth; 64 MiB take about 50 ms. */
const MAX_HASHED_BYTES = 64 << 20

const HASH_STRETCH = 1 << 19

/** The content of bytes in a few letters, or null when there are too many to look at. */
export async function bytesIdentity(
  bytes: Uint8Array,
  signal: AbortSignal | undefined,
): Promise<string | null> {
  if (bytes.length > MAX_HASHED_BYTES) return null
  // Here and not above: it is the slowest part of importing this package, and few need it.
  const { createHash } = await import('node:crypto')
  const hash = createHash('sha256')
  for (let at = 0; at < bytes.length; at += HASH_STRETCH) {
    if (at > 0) await nextTurn()
    signal?.throwIfAborted()
    hash.update(bytes.subarray(at, at + HASH_STRETCH))
  }
  return `sha256:${hash.digest('hex')}`
}

// Backends that were registered under a name which another had before: their samples may be others.
const successors = new WeakMap<AudioBackend, number>()
const seen = new Map<string, { readonly backends: WeakSet<AudioBackend>; count: number }>()

function namesOfBackends(names: readonly string[] | undefined): string {
  const backends = names?.map((name) => findBackend(name) ?? name) ?? listBackends()
  return backends
    .map((backend) => (typeof backend === 'string' ? backend : `${backend.name}${nth(backend)}`))
    .join(',')
}

function nth(backend: AudioBackend): string {
  const named = seen.get(backend.name) ?? { backends: new WeakSet(), count: 0 }
  seen.set(backend.name, named)
  if (!named.backends.has(backend)) {
    named.backends.add(backend)
    successors.set(backend, named.count++)
  }
  const number = successors.get(backend) ?? 0
  return number === 0 ? '' : `#${number + 1}`
}

// Rates of the files seen last, so that a hit on a range need not open the file.
const facts = new Map<string, FrameFacts>()
const MAX_FACTS = 4096

async function factsOf(known: string, needsExact: boolean, find: FindFacts): Promise<FrameFacts> {
  const stored = facts.get(known)
  if (stored !== undefined && (stored.framesExact || !needsExact)) return stored
  const { sampleRate, frames, framesExact } = await find(needsExact)
  const oldest = facts.keys().next()
  if (facts.size >= MAX_FACTS && oldest.done !== true) facts.delete(oldest.value)
  const found = { sampleRate, frames, framesExact }
  facts.set(known, found)
  return found
}
