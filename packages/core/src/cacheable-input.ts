import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

import type { AudioInput } from './audio-input.js'
import { bytesIdentity } from './cache-key.js'
import type { CheckedOptions } from './check-options.js'
import { fileIdentity } from './file-identity.js'
import { probeInput } from './probe-input.js'
import type { ProbedInput } from './session.js'

/** An input as a cache sees it. */
export interface CacheableInput {
  /** Identity of the content, or null when it cannot be told, or not for long. */
  readonly source: string | null
  /** How a person would name it. */
  label(): string
  /** Opens it and looks at its first bytes. */
  probe(signal: AbortSignal | undefined): Promise<ProbedInput>
  /** Whether what was read since is still what `source` names. */
  isUnchanged(): Promise<boolean>
}

/** Files are told by one look at their inode, without opening them; everything else is read and hashed. */
export async function cacheableInput(
  input: AudioInput,
  options: CheckedOptions,
): Promise<CacheableInput> {
  options.signal?.throwIfAborted()
  // A URL object may change during the call, its text cannot.
  const given = input instanceof URL && input.protocol === 'file:' ? input.href : input
  if (typeof given !== 'string') return bytesInput(given, options)
  const path = pathOf(given)
  return path === null ? bytesInput(given, options) : fileInput(path, given, options)
}

async function bytesInput(input: AudioInput, options: CheckedOptions): Promise<CacheableInput> {
  const probed = await probeInput(input, options)
  const { bytes, label } = probed.resolved
  const source = bytes === null ? null : await bytesIdentity(bytes, options.signal)
  return { source, label: () => label, probe: async () => probed, isUnchanged: async () => true }
}

async function fileInput(
  path: string,
  input: string,
  { limits, signal }: CheckedOptions,
): Promise<CacheableInput> {
  const found = await fileIdentity(path)
  signal?.throwIfAborted()
  // What is not there, empty or too large gets its error from where it is opened.
  const usable = found !== null && found.settled && found.size <= limits.maxInputBytes
  let moved = false
  return {
    source: usable ? found.name : null,
    label: () => input,
    async probe(given) {
      const probed = await probeInput(input, { limits, signal: given })
      // The working directory may have changed in between.
      moved ||= probed.resolved.path !== path
      return probed
    },
    isUnchanged: async () => !moved && (await fileIdentity(path))?.name === found?.name,
  }
}

function pathOf(text: string): string | null {
  // What these are not paths of, or no URL at all, is told where they are opened.
  if (text === '' || text.includes('\0') || /^(https?|data):/i.test(text)) return null
  if (!/^file:/i.test(text)) return resolve(text)
  try {
    return fileURLToPath(text)
  } catch {
    return null
  }
}
