import type { AudioInput } from './audio-input.js'
import type { CheckedOptions } from './check-options.js'
import { probe } from './input/probe.js'
import { resolveInput } from './input/resolve-input.js'
import type { ProbedInput } from './session.js'

/** Makes an input readable and looks at its first bytes. */
export async function probeInput(
  input: AudioInput,
  { limits, signal }: Pick<CheckedOptions, 'limits' | 'signal'>,
): Promise<ProbedInput> {
  signal?.throwIfAborted()
  const resolved = await resolveInput(input, { limits, signal })
  return { resolved, probe: probe(resolved.header, resolved.extension) }
}
