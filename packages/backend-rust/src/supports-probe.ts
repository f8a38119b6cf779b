import type { Probe } from '@audiodecode/core'

/** Containers that are read, as core's probe names them. */
const CONTAINERS: ReadonlySet<string> = new Set(
  'wav rf64 bw64 w64 aiff aifc caf flac mp1 mp2 mp3 mpeg adts mp4 m4a mov matroska mkv webm ogg'.split(
    ' ',
  ),
)

/** Codecs that such containers also carry and that are not read. */
const OTHER_CODECS: ReadonlySet<string> = new Set(
  'he-aac he_aac heaac aac_he ac3 ac-3 eac3 e-ac-3 ac4 dts truehd mlp wma amr amr_nb amr_wb speex theora gsm qdm2 atrac3 mpegh'.split(
    ' ',
  ),
)

/**
 * Whether a file might be read: by its content, or, when that says nothing, always. Opening decides; a container or codec that
 * is known to be another one is declined here, without loading the addon.
 */
export function supportsProbe({ container, codec }: Pick<Probe, 'container' | 'codec'>): boolean {
  if (codec !== null && OTHER_CODECS.has(codec)) return false
  return container === null || CONTAINERS.has(container)
}
