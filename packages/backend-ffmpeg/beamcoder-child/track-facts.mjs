import { fileFacts } from './file-facts.mjs'

/** Our names of containers where FFmpeg has others. */
const CONTAINERS = {
  mov: 'mp4',
  aac: 'adts',
  mpegts: 'mpeg-ts',
  mpeg: 'mpeg-ps',
  wv: 'wavpack',
  mpc: 'musepack',
  mpc8: 'musepack',
  iff: 'dff',
  rm: 'realmedia',
  nistsphere: 'nist',
}

/** Which metadata says how much an encoder added, by container. */
const GAPLESS = { mp3: 'lame', matroska: 'matroska', mp4: 'edit-list' }

const positive = (number) => (number > 0 ? number : null)

/**
 * What the container says of a track, and what the bytes of the file say besides.
 *
 * @typedef {ReturnType<typeof trackFacts>} TrackFacts
 */
export function trackFacts({ demuxer, stream, file, tracks }) {
  const { codecpar, time_base: clock, duration, id, metadata } = stream
  const [first] = demuxer.iformat.name.split(',')
  const container = CONTAINERS[first] ?? first
  const codec = codecpar.name
  const found = fileFacts(file, container, id)
  const tags = { ...demuxer.metadata, ...metadata }
  const lost = found.lostPages.length > 0
  return {
    container,
    magic: found.magic,
    codec,
    profile: codecpar.profile ?? null,
    rate: codecpar.sample_rate,
    channels: codecpar.channels,
    layout: codecpar.channel_layout ?? null,
    bits: positive(codecpar.bits_per_raw_sample) ?? positive(codecpar.bits_per_coded_sample),
    bitRate: positive(codecpar.bit_rate) ?? positive(demuxer.bit_rate),
    tracks,
    tags,
    clock,
    framesPerTick: (clock[0] * codecpar.sample_rate) / clock[1],
    ticks: positive(duration),
    microseconds: positive(demuxer.duration),
    smpb: Object.entries(tags).find(([name]) => name.toLowerCase() === 'itunsmpb')?.[1] ?? null,
    gaplessSource: gaplessSource(container, codec, found),
    /** Whether fewer samples than promised are a truncated file. */
    isCounted: isCounted(container, codec, found),
    /** Whether a gap between the times of packets is lost sound. FFmpeg guesses wrongly where blocks of Vorbis change their length. */
    isPlaced: container === 'flac' || (container === 'ogg' && (codec !== 'vorbis' || lost)),
    /** Whether the promised length holds the encoder's delay. */
    countsDelay: container === 'mp3' || codec === 'opus',
    isCut: found.isCut,
    lostPages: found.lostPages,
    lastGranule: codec === 'vorbis' ? found.lastGranule : null,
    table: found.table,
    musepack: found.musepack,
  }
}

function gaplessSource(container, codec, { musepack }) {
  if (container === 'ogg') return codec === 'opus' ? 'opus' : 'ogg'
  if (container === 'musepack' && musepack !== null) return 'musepack'
  return GAPLESS[container] ?? 'none'
}

function isCounted(container, codec, { table, musepack }) {
  if (['wav', 'w64', 'aiff', 'caf', 'au'].includes(container)) return codec.startsWith('pcm_')
  if (container === 'mp4') return table !== null
  if (container === 'musepack') return musepack !== null
  return ['flac', 'tta', 'wavpack'].includes(container)
}
