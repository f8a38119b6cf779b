import { closeSync, openSync } from 'node:fs'

import { gated } from './gate.mjs'
import { identify } from './kept-file.mjs'
import { Refusal } from './refusal.mjs'
import { notAudio } from './sniff.mjs'
import { watched } from './watchdog.mjs'

/** Codecs whose frames carry checksums: one that fails its own is damage, not sound. */
const CHECKSUMMED = new Set(['flac', 'tta', 'wavpack'])

/** Decoders to prefer to FFmpeg's first choice, which rounds MPEG audio to 16 bit, and decodes Speex otherwise in other versions. */
const PREFERRED = { mp1: 'mp1float', mp2: 'mp2float', speex: 'libspeex' }

/**
 * Opens the wanted audio track of a file, or the container's default.
 *
 * @param {any} beamcoder
 * @param {{ path: string, track: number | null, demuxers: string }} request
 */
export async function openTrack(beamcoder, { path, track, demuxers }) {
  const file = openFile(path)
  const identity = identify(file)
  try {
    const foreign = notAudio(file)
    if (foreign !== null) throw new Refusal('ERR_UNSUPPORTED_FORMAT', `it is ${foreign}`)
    const demuxer = await openDemuxer(beamcoder, urlOf(path, file), demuxers)
    const streams = demuxer.streams
    const audio = streams.filter(({ codecpar }) => codecpar.codec_type === 'audio')
    const stream = choose(audio, track, demuxer.iformat.name)
    for (const other of streams) if (other.index !== stream.index) other.discard = 'all'
    return {
      beamcoder,
      file,
      identity,
      demuxer,
      stream,
      tracks: audio.length,
      decoder: openDecoder(beamcoder, demuxer, stream),
    }
  } catch (error) {
    closeSync(file)
    throw error
  }
}

function openFile(path) {
  try {
    return openSync(path)
  } catch (error) {
    throw new Refusal(error.code === 'ENOENT' ? 'ERR_NOT_FOUND' : 'ERR_IO', error.message)
  }
}

/** A name without an extension, since FFmpeg would believe it; Windows has none. */
function urlOf(path, file) {
  if (process.platform === 'win32') return `file:${path}`
  return process.platform === 'linux' ? `file:/proc/self/fd/${file}` : `file:/dev/fd/${file}`
}

let allDecoders

/** All decoders by name. They are hundreds, so that they are listed once. */
const decodersOf = (beamcoder) => (allDecoders ??= beamcoder.decoders())

async function openDemuxer(beamcoder, url, demuxers) {
  const audioDecoders = Object.values(decodersOf(beamcoder))
    .filter(({ codec_type: type }) => type === 'audio')
    .map(({ name }) => name)
    .join(',')
  const options = {
    format_whitelist: demuxers,
    protocol_whitelist: 'file',
    // Video is not decoded, not even to learn about it.
    codec_whitelist: audioDecoders,
  }
  try {
    return await watched(() => gated(beamcoder, () => beamcoder.demuxer({ url, options })))
  } catch {
    throw new Refusal('ERR_UNSUPPORTED_FORMAT', 'FFmpeg cannot open it', {
      step: 'open',
      packet: 0,
    })
  }
}

function choose(audio, track, format) {
  if (track === null) {
    const chosen = audio.find(({ disposition }) => disposition.DEFAULT) ?? audio[0]
    if (chosen !== undefined) return chosen
    throw new Refusal('ERR_UNSUPPORTED_FORMAT', `there is no audio track in this ${format}`)
  }
  if (audio[track] !== undefined) return audio[track]
  throw new Refusal(
    'TRACK',
    `there is no audio track ${track}; the file has ${audio.length}, counted from 0`,
  )
}

function openDecoder(beamcoder, demuxer, stream) {
  const { codecpar, index, time_base: clock } = stream
  const settings = { thread_count: 1, pkt_timebase: clock }
  if (CHECKSUMMED.has(codecpar.name)) settings.err_recognition = { CRCCHECK: true, EXPLODE: true }
  const preferred = PREFERRED[codecpar.name]
  if (preferred !== undefined && decodersOf(beamcoder)[preferred] !== undefined) {
    const { sample_rate: rate, channels, extradata } = codecpar
    const form = { sample_rate: rate, channels, ...(extradata == null ? {} : { extradata }) }
    return beamcoder.decoder({ name: preferred, ...form, ...settings })
  }
  try {
    return beamcoder.decoder({ demuxer, stream_index: index, ...settings })
  } catch {
    throw new Refusal('ERR_UNSUPPORTED_FORMAT', `this FFmpeg has no decoder for ${codecpar.name}`)
  }
}
