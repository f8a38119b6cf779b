import { oracle, oracleBackend } from '../oracle-backend.js'
import { changed, reading } from './mistake.js'
import type { Mistake } from './mistake.js'

/** Wrong samples, and wrong words about them. */
export const sampleMistakes: Readonly<Record<string, Mistake>> = {
  'a whole file that is a frame off': {
    backend: () => reading(changed(({ data }) => data.copyWithin(1, 0))),
    format: 'vorbis',
    file: 'stereo.ogg',
    check: 'samples',
    message:
      /the whole file: sample \d+ of 26460 is .*; the largest difference is 0\.\d+, allowed 0\.00002/,
  },
  'swapped channels': {
    backend: () =>
      reading(
        changed(({ data }) => {
          const half = data.length / 2
          const left = data.slice(0, half)
          data.copyWithin(0, half)
          data.set(left, half)
        }),
      ),
    format: 'mp3',
    file: 'cbr128.mp3',
    check: 'channels',
    message: /the channel of the file that comes out as channel 0 is 1, not 0/,
  },
  'centre and low frequencies of 5.1 swapped': {
    backend: () =>
      reading(
        changed(({ data }, { frames }) => {
          const centre = data.slice(2 * frames, 3 * frames)
          data.copyWithin(2 * frames, 3 * frames, 4 * frames)
          data.set(centre, 3 * frames)
        }),
      ),
    format: 'vorbis',
    file: '5.1.ogg',
    check: 'channels',
    message: /comes out as channel 2 is 3, not 2/,
  },
  'a frame too few': {
    backend: () =>
      reading(async (recording, request) =>
        oracle.read(recording, { ...request, endFrame: recording.frames - 1 }),
      ),
    format: 'aac',
    file: 'stereo.m4a',
    check: 'samples',
    message: /frames is 13229, not 13230/,
  },
  'the encoder’s padding left in': {
    backend: () =>
      oracleBackend({
        find(bytes, source) {
          const recording = oracle.find(bytes, source)
          const planes = recording.planes.map((plane) => new Float32Array([...plane, 0, 0, 0]))
          return { ...recording, planes, frames: recording.frames + 3 }
        },
      }),
    format: 'opus',
    file: 'stereo.opus',
    check: 'samples',
    message: /frames is 14403, not 14400/,
  },
  'the wrong rate': {
    backend: () =>
      oracleBackend({
        describe: (recording) => ({ ...oracle.describe(recording), sampleRate: 44_100 }),
        read: async (recording, request) => ({
          ...(await oracle.read(recording, request)),
          sampleRate: 44_100,
        }),
      }),
    format: 'wav',
    file: '48000-hz.wav',
    check: 'samples',
    message: /sampleRate is 44100, not 48000/,
  },
  'samples that are a ten-thousandth off': {
    backend: () =>
      reading(changed(({ data }) => data.forEach((value, i) => (data[i] = value + 1e-4)))),
    format: 'mp3',
    file: 'v2.mp3',
    check: 'samples',
    message: /allowed 0\.00002/,
  },
  'the last bit of a lossless file rounded away': {
    backend: () =>
      reading(
        changed(({ data }) => data.forEach((v, i) => (data[i] = Math.round(v * 32_768) / 32_768))),
      ),
    format: 'flac',
    file: 's24.flac',
    check: 'samples',
    message: /allowed none/,
  },
  NaN: {
    backend: () => reading(changed(({ data }) => data.fill(NaN, 5, 6))),
    format: 'adts',
    file: 'mono.aac',
    check: 'samples',
    message: /sample 5 of 9216 is NaN.*the largest difference is Infinity/,
  },
  'an estimated length that is called exact': {
    backend: () =>
      oracleBackend({
        describe(recording) {
          const { frames, ...rest } = oracle.describe(recording)
          return { ...rest, frames: (frames ?? 0) + 5 }
        },
      }),
    format: 'mp3',
    file: 'untagged.mp3',
    check: 'info',
    message: /info: frames is 14981, not 14976/,
  },
}
