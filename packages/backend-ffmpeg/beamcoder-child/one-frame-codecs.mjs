/** Codecs every packet of which gives samples, beside PCM and ADPCM. */
const NAMES = new Set(
  'aac ac3 alac dts eac3 flac mp1 mp2 mp3 opus speex truehd tta vorbis wavpack'.split(' '),
)

/**
 * Whether a packet without samples is a damaged one. Of other codecs a packet may only fill a reservoir, so that its loss goes
 * unnoticed: beamcoder forgets the errors of decoders.
 *
 * @param {string} codec
 */
export const givesFrames = (codec) => NAMES.has(codec) || /^(ad)?pcm_/u.test(codec)
