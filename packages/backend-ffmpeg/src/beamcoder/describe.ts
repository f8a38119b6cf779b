import type { AudioInfo, DecodeReport, GaplessTrim } from '@audiodecode/core'

import { NAME } from './failure.js'
import type { End, TrackFacts } from './messages.js'

/** Codecs that keep every bit, so that their samples have a depth. */
const LOSSLESS =
  /^(flac|alac|tta|wavpack|ape|tak|shorten|mlp|truehd|wmalossless|pcm_(?!alaw|mulaw).*)$/u

/** Our names of codecs where FFmpeg has others. */
const CODECS: Readonly<Record<string, string>> = {
  adpcm_ima_wav: 'adpcm_ima',
  adpcm_ima_qt: 'adpcm_ima',
}

/** Our names of tags where FFmpeg has others. */
const TAGS: Readonly<Record<string, string>> = {
  track: 'tracknumber',
  disc: 'discnumber',
  album_artist: 'albumartist',
}

/** What a container says of itself. */
const NO_TAGS: ReadonlySet<string> = new Set(
  'itunsmpb major_brand minor_version compatible_brands handler_name vendor_id'.split(' '),
)

/** A track as core describes it; `exact` is its length when that has been counted. */
export function describe(facts: TrackFacts, exact: number | null): AudioInfo {
  const { rate, channels, layout, bits, bitRate, tracks, magic } = facts
  const frames = exact ?? facts.frames
  return {
    container: magic === 'RF64' || magic === 'BW64' ? magic.toLowerCase() : facts.container,
    codec: codecOf(facts),
    sampleRate: rate,
    channels,
    channelLayout: layout === null || layout.includes('channels') ? null : layout,
    bitDepth: LOSSLESS.test(facts.codec) ? bits : null,
    bitRate,
    frames,
    framesExact: exact !== null,
    durationSeconds: frames === null ? null : frames / rate,
    tracks,
    tags: tagsOf(facts.tags),
    backend: NAME,
  }
}

function codecOf({ codec, profile }: TrackFacts): string {
  if (codec === 'aac' && typeof profile === 'string' && profile.startsWith('HE-AAC'))
    return 'he_aac'
  return CODECS[codec] ?? codec
}

function tagsOf(found: TrackFacts['tags']): Record<string, string> {
  const tags = new Map<string, string>()
  for (const [key, value] of Object.entries(found)) {
    const name = key.toLowerCase()
    if (value !== '' && !NO_TAGS.has(name)) tags.set(TAGS[name] ?? name, value)
  }
  return Object.fromEntries(tags)
}

/** The report of a range of `frames` frames that begins at `startFrame`. */
export function reportOf(
  end: End,
  startFrame: number,
  frames: number,
): Omit<DecodeReport, 'declined'> {
  const damaged = end.damaged.flatMap(({ start, end: to, byteOffset, reason }) => {
    const range = {
      startFrame: Math.max(0, start - startFrame),
      endFrame: Math.min(frames, to - startFrame),
    }
    return range.startFrame < range.endFrame ? [{ ...range, byteOffset, reason }] : []
  })
  const { source, start, end: behind } = end.gapless
  const isCut = start > 0 || behind > 0
  return {
    expectedFrames: end.expected,
    decodedFrames: frames,
    damaged: damaged.sort((a, b) => a.startFrame - b.startFrame),
    truncated: end.truncated,
    gapless: {
      source: isCut ? (source as GaplessTrim['source']) : 'none',
      startFrames: start,
      endFrames: behind,
    },
  }
}
