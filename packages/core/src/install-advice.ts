import type { Probe } from './audio-backend.js'

/** A package of ours that decodes, and what it is for. */
interface Reader {
  readonly backend: string
  readonly package: string
  /** Containers and codecs, as a probe names them. */
  readonly reads: ReadonlySet<string>
}

// prettier-ignore
const READERS: readonly Reader[] = [
  {
    backend: 'rust',
    package: '@audiodecode/backend-rust',
    reads: new Set(['wav', 'rf64', 'w64', 'aiff', 'aifc', 'caf', 'flac', 'alac', 'mp1', 'mp2', 'mp3', 'mpeg', 'aac', 'adts', 'm4a', 'mp4', 'mkv', 'matroska', 'webm', 'ogg', 'vorbis', 'opus']),
  },
  {
    backend: 'sndfile',
    package: '@audiodecode/backend-sndfile',
    reads: new Set(['wav', 'rf64', 'w64', 'aiff', 'aifc', 'caf', 'flac', 'mp3', 'ogg', 'vorbis', 'opus', 'au', 'snd', 'voc', 'paf', 'ircam', 'nist', 'sds', 'svx', '8svx', 'mat']),
  },
]

/** Codecs that share a container with what the others read, but that only FFmpeg decodes. */
const ONLY_FFMPEG: ReadonlySet<string> = new Set(['he-aac', 'heaac', 'ac3', 'eac3', 'dts', 'wma'])

/** The format as a person would name it. */
export function formatName({ container, codec, extension }: Probe): string {
  if (container === null && codec === null) {
    return extension === null
      ? 'this format'
      : `this .${extension} file; its content is no known format`
  }
  if (container === null || codec === null || container === codec) return (container ?? codec)!
  return `${codec} in ${container}`
}

/** What to install to read a format, or null when everything that might read it is there. `registered` are backend names. */
export function adviseInstall(probe: Probe, registered: readonly string[]): string | null {
  const format = probe.codec ?? probe.container
  const reader =
    format !== null && !ONLY_FFMPEG.has(format)
      ? READERS.find(({ backend, reads }) => reads.has(format) && !registered.includes(backend))
      : undefined
  const everReads =
    reader === undefined ||
    READERS.some(
      ({ backend, reads }) => registered.includes(backend) && format !== null && reads.has(format),
    )
  if (reader !== undefined && !everReads) {
    return `To read it: npm i ${reader.package}, and import it: import '${reader.package}'`
  }
  if (registered.some((name) => name === 'ffmpeg' || name === 'beamcoder')) return null
  return `@audiodecode/backend-ffmpeg reads most other formats (HE-AAC, WMA, AC-3, video files): npm i @audiodecode/backend-ffmpeg, and import it: import '@audiodecode/backend-ffmpeg'`
}
