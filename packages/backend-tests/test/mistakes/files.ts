import { readFile } from 'node:fs/promises'

import { failure, oracle, oracleBackend } from '../oracle-backend.js'
import { known } from './mistake.js'
import type { Mistake } from './mistake.js'

/** Files that are not as they should be, taken the wrong way. */
export const fileMistakes: Readonly<Record<string, Mistake>> = {
  'damage that becomes silence, untold': {
    backend: () =>
      oracleBackend({
        find(bytes, source) {
          const whole = known()
          const recording = oracle.find(whole, source)
          if (bytes.every((byte, i) => byte === whole[i])) return recording
          const planes = recording.planes.map((plane) => plane.slice().fill(0, 5000))
          return { ...recording, planes }
        },
      }),
    format: 'flac',
    file: 'stereo.flac',
    check: 'damage',
    message: /byte \d+ changed to \d+: other samples, and nobody says so/,
  },
  'damage told where no frames are': {
    backend: () =>
      oracleBackend({
        find: (bytes, source) =>
          oracle.find(source.bytes?.length === bytes.length ? known() : bytes, source),
        read: async (recording, request) => ({
          ...(await oracle.read(recording, request)),
          report: {
            damaged: [{ startFrame: 9, endFrame: 12, byteOffset: null, reason: '' }],
          },
        }),
      }),
    format: 'flac',
    file: 'stereo.flac',
    check: 'damage',
    message: /damage without a reason/,
  },
  'a cut that is not told': {
    backend: () =>
      oracleBackend({
        find(bytes, source) {
          const whole = known()
          const recording = oracle.find(whole, source)
          const frames = Math.max(1, Math.floor((recording.frames * bytes.length) / whole.length))
          return {
            ...recording,
            frames,
            planes: recording.planes.map((p) => p.subarray(0, frames)),
          }
        },
      }),
    format: 'flac',
    file: 'stereo.flac',
    check: 'truncation',
    message: /the first \d+ of \d+ bytes: audio is missing, and nobody says so/,
  },
  'an extension that is believed': {
    backend: () =>
      oracleBackend({
        find(bytes, source) {
          const { path } = source
          if (path !== null && !path.endsWith('.mp3'))
            throw failure('ERR_UNSUPPORTED_FORMAT', 'no .mp3')
          return oracle.find(bytes, source)
        },
      }),
    format: 'mp3',
    file: 'v2.mp3',
    check: 'extension',
    message: /no \.mp3/,
  },
  'paths of ASCII only': {
    backend: () =>
      oracleBackend({
        find(bytes, source) {
          if (/[^ -~]/.test(source.path ?? '')) throw failure('ERR_IO', 'cannot be opened')
          return oracle.find(bytes, source)
        },
      }),
    format: 'wav',
    file: 's16.wav',
    check: 'paths',
    message: /cannot be opened/,
  },
  'a peek that begins at the first byte, always': {
    backend: () => ({
      ...oracleBackend(),
      peekFile: async (path, _, length) => {
        const bytes = await readFile(path).catch(() => null)
        return bytes === null ? null : { size: bytes.length, bytes: bytes.subarray(0, length) }
      },
    }),
    format: 'wav',
    file: 's16.wav',
    check: 'peeks',
    message: /a peek at byte 7 of \d+ is/,
  },
  'a peek that makes a file of a folder': {
    backend: () => ({
      ...oracleBackend(),
      peekFile: async (path, position, length) => {
        const bytes = await readFile(path).catch(() => Buffer.alloc(1))
        return { size: bytes.length, bytes: bytes.subarray(position, position + length) }
      },
    }),
    format: 'wav',
    file: 's16.wav',
    check: 'peeks',
    message: /a peek at .* is \[object Object\], not null/,
  },
  'a text that is taken for audio': {
    backend: () => oracleBackend({ find: (_, source) => oracle.find(known(), source) }),
    format: 'wav',
    file: 's16.wav',
    check: 'not-audio',
    message: /is no error, though it should be/,
  },
  'a file without frames that is called unsupported': {
    backend: () =>
      oracleBackend({
        find() {
          throw failure('ERR_UNSUPPORTED_FORMAT', 'none of mine')
        },
      }),
    format: 'wav',
    file: '0-frames.wav',
    check: 'no-frames',
    message: /the code is ERR_UNSUPPORTED_FORMAT, not ERR_CORRUPT/,
  },
}
