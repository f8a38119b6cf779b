import type { Probe } from '@audiodecode/core'

/** What is no audio, by core's probe, and what FFmpeg has no decoder for or reads wrongly. */
const NEVER_READ: ReadonlySet<string> = new Set('optimfrog'.split(' '))

/**
 * Whether a file might be read: everything that is not known to be something else, since which formats there are is the installed
 * library's business. Opening decides; the addon is not loaded to ask.
 */
export function supportsProbe({ container }: Pick<Probe, 'container'>): boolean {
  return container === null || !NEVER_READ.has(container)
}
