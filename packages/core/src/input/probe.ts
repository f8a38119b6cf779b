import type { Probe } from '../audio-backend.js'
import { hasText } from './bytes-at.js'
import { CODEC_OF } from './container-codec.js'
import type { Format } from './format.js'
import { frameSync } from './frame-sync.js'
import { mp4Format } from './mp4-format.js'
import { id3v2Size } from './read-header.js'
import type { Signature } from './signatures.js'
import { NOT_AUDIO, SIGNATURES } from './signatures.js'
import { textFormat } from './text-format.js'

/** Headerless formats, known by the extension alone. */
const BY_EXTENSION: ReadonlyMap<string, Format> = new Map([
  ['gsm', { container: 'gsm', codec: 'gsm' }],
  ['g722', { container: 'g722', codec: 'adpcm_g722' }],
  ['vox', { container: 'vox', codec: 'adpcm_dialogic' }],
  ['ul', { container: 'raw', codec: 'pcm_mulaw' }],
  ['al', { container: 'raw', codec: 'pcm_alaw' }],
  ['raw', { container: 'raw', codec: null }],
  ['pcm', { container: 'raw', codec: null }],
])

const MP3: Format = { container: 'mp3', codec: 'mp3' }

/** Formats whose frames need a sync that may lie behind more garbage than the header shows. */
const SYNC_EXTENSIONS: ReadonlyMap<string, Format> = new Map([
  ['mp3', MP3],
  ['mp2', { container: 'mp3', codec: 'mp2' }],
  ['mp1', { container: 'mp3', codec: 'mp1' }],
  ['aac', { container: 'adts', codec: 'aac' }],
])

/**
 * What a file is, by its content first and its extension last. `header` is what `resolveInput()` found behind ID3v2 tags.
 * `container` is null when nothing is recognised. Things that hold no audio are named too ('html', 'zip', 'midi' …): see
 * `isNotAudio()`. Never throws, whatever the bytes.
 */
export function probe(header: Uint8Array, extension: string | null): Probe {
  const format = recognise(header, extension)
  return {
    container: format?.container ?? null,
    codec: format?.codec ?? null,
    extension,
    header,
  }
}

/** Whether a probed container is one that never holds audio. */
export function isNotAudio({ container }: Pick<Probe, 'container'>): boolean {
  return container !== null && NOT_AUDIO_CONTAINERS.has(container)
}

const NOT_AUDIO_CONTAINERS: ReadonlySet<string> = new Set([
  ...NOT_AUDIO.map(({ container }) => container),
  'html',
  'xml',
  'json',
  'text',
])

function recognise(header: Uint8Array, extension: string | null): Format | null {
  const signature = matching(SIGNATURES, header)
  if (signature !== null) {
    const { container, codec } = signature
    return { container, codec: codec ?? CODEC_OF[container]?.(header) ?? null }
  }
  const foreign = matching(NOT_AUDIO, header)
  if (foreign !== null) return { container: foreign.container, codec: null }
  const found = mp4Format(header) ?? frameSync(header)
  if (found !== null) return found
  // The tag of a file whose audio is out of sight: MP3 nearly always.
  if (id3v2Size(header) > 0) return SYNC_EXTENSIONS.get(extension ?? '') ?? MP3
  const text = textFormat(header)
  if (text !== null) return text
  if (extension === null) return null
  return SYNC_EXTENSIONS.get(extension) ?? BY_EXTENSION.get(extension) ?? null
}

function matching(signatures: readonly Signature[], header: Uint8Array): Signature | null {
  return signatures.find(({ text, at = 0 }) => hasText(header, at, text)) ?? null
}
