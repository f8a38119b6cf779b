import type { Probe } from '@audiodecode/core'

/** Containers that no version of libsndfile reads, as core's probe names them. */
const NEVER_READ: ReadonlySet<string> = new Set(
  'mp4 matroska adts loas ape wavpack tta tak musepack optimfrog shorten asf realmedia avi flv mpeg-ts mpeg-ps ac3 eac3 dts dsf dff amr qoa g722'.split(
    ' ',
  ),
)

/**
 * Whether a file might be read: everything that is not known to be something else, since which formats there are is the
 * installed library's business. Opening decides; the addon is not loaded to ask.
 */
export function supportsProbe({ container }: Pick<Probe, 'container'>): boolean {
  return container === null || !NEVER_READ.has(container)
}
