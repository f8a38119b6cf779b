import type { Probe } from './audio-backend.js'
import { isNotAudio } from './input/probe.js'

/** A package that decodes, with what it reads in the words of a probe. */
interface Reader {
  readonly backend: string
  readonly containers: ReadonlySet<string>
  readonly codecs: RegExp
}

/** The best one first. FFmpeg reads about everything and stands for the rest. */
const READERS: readonly Reader[] = [
  {
    backend: 'rust',
    containers: new Set('wav rf64 bw64 aiff caf flac mp3 adts mp4 ogg matroska webm'.split(' ')),
    codecs: /^(pcm.*|flac|alac|mp[123]|aac|vorbis|opus|adpcm_(ms|ima.*))$/u,
  },
  {
    backend: 'sndfile',
    containers: new Set('wav rf64 w64 aiff caf flac mp3 ogg au voc ircam nist'.split(' ')),
    codecs: /^(pcm.*|flac|alac|mp[123]|vorbis|opus|adpcm_(ms|ima.*)|gsm|g721)$/u,
  },
]

/** The format as a person would name it. */
export function formatName(probe: Probe): string {
  const { container, codec, extension } = probe
  if (container === null) {
    return extension === null
      ? 'content of no known format'
      : `content of no known format, named .${extension}`
  }
  if (isNotAudio(probe)) return `${container}, which is not audio`
  return codec === null || codec === container ? container : `${codec} in ${container}`
}

/**
 * What to install to read a format, or null when that would not help: it is no audio, or all that might read it is there.
 * `registered` are names of backends.
 */
export function adviseInstall(probe: Probe, registered: readonly string[]): string | null {
  const { container, codec } = probe
  if (isNotAudio(probe)) return null
  const reads = ({ containers, codecs }: Reader): boolean =>
    container !== null && containers.has(container) && (codec === null || codecs.test(codec))
  const readers = READERS.filter(reads)
  const isThere = ({ backend }: Reader): boolean => registered.includes(backend)
  const [best] = readers
  // One that reads the format was asked and declined: there is something about this file.
  if (best !== undefined && !readers.some(isThere)) return advise(best.backend, 'reads it')
  if (registered.some((name) => name === 'ffmpeg' || name === 'beamcoder')) return null
  const what = container === null ? 'reads most other formats' : 'may read it'
  return advise('ffmpeg', `${what} (HE-AAC, WMA, AC-3, video files …)`)
}

function advise(backend: string, what: string): string {
  const name = `@audiodecode/backend-${backend}`
  return `${name} ${what}: npm i ${name}, and import it: import '${name}'`
}
