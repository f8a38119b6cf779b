import { stat } from 'node:fs/promises'
import { setImmediate as nextTurn } from 'node:timers/promises'

import { askBackends } from './ask-backends.js'
import type { CacheKey } from './audio-cache.js'
import type { CheckedOptions } from './check-options.js'
import { toFrameSpan } from './frame-span.js'
import type { FrameFacts } from './frame-span.js'
import type { ResolvedInput } from './input/resolve-input.js'
import { lookInto } from './look-into.js'
import { listBackends } from './registry.js'
import type { ProbedInput } from './session.js'

/** What makes this decode the same as another, or null when there is no saying: very large bytes, a file that is gone. */
export async function cacheKeyOf(
  input: ProbedInput,
  options: CheckedOptions,
): Promise<CacheKey | null> {
  const source = await identityOf(input.resolved, options.signal)
  if (source === null) return null
  const names = options.backends ?? listBackends().map(({ name }) => name)
  const backend = names.join(',')
  const { sampleRate, mono, quality, track, onDamage, offset, duration } = options
  const decides = [sampleRate ?? null, mono, quality, track ?? null, onDamage]
  const base = { source, backend, options: JSON.stringify(decides) }
  if (offset === 0 && duration === undefined) return { ...base, startFrame: 0, endFrame: null }
  const known = `${source}|${backend}|${track ?? ''}`
  const facts = await factsOf(known, input, options)
  return { ...base, ...toFrameSpan(facts, offset, duration) }
}

/** Bytes that are hashed in the time that decoding them is worth; 64 MiB take about 50 ms. */
const MAX_HASHED_BYTES = 64 << 20

const HASH_STRETCH = 1 << 19

async function identityOf(
  { path, bytes }: ResolvedInput,
  signal: AbortSignal | undefined,
): Promise<string | null> {
  if (path !== null) {
    try {
      const { dev, ino, size, mtimeNs } = await stat(path, { bigint: true })
      return `file:${dev}:${ino}:${size}:${mtimeNs}`
    } catch {
      return null
    }
  }
  if (bytes === null || bytes.length > MAX_HASHED_BYTES) return null
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

// Rates of the files seen last, so that a hit on a range need not open the file.
const facts = new Map<string, FrameFacts>()
const MAX_FACTS = 4096

async function factsOf(
  known: string,
  input: ProbedInput,
  options: CheckedOptions,
): Promise<FrameFacts> {
  const needsExact = options.offset < 0
  const stored = facts.get(known)
  if (stored !== undefined && (stored.framesExact || !needsExact)) return stored
  const found = await askBackends(input, options.backends, async (backend) =>
    lookInto(backend, input, options, needsExact),
  )
  const oldest = facts.keys().next()
  if (facts.size >= MAX_FACTS && oldest.done !== true) facts.delete(oldest.value)
  const { sampleRate, frames, framesExact } = found
  facts.set(known, { sampleRate, frames, framesExact })
  return found
}
