import type { Probe } from '@audiodecode/core'

/** Containers that no version of libsndfile reads, as core's probe names them. */
const NEVER_READ: ReadonlySet<string> = new Set(
  'mp4 m4a mov 3gp matroska mkv webm adts loas latm ape wavpack tta musepack mpc asf wma avi flv mpegts mpeg-ts ac3 eac3 dts dsf dff amr'.split(
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
