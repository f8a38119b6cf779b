import { oracle, oracleBackend } from '../oracle-backend.js'
import { changed, openFile, reading } from './mistake.js'
import type { Mistake } from './mistake.js'

/** Calls that touch what is not theirs, or do not listen. */
export const callMistakes: Readonly<Record<string, Mistake>> = {
  'samples written beyond out': {
    backend: () =>
      reading(
        changed((_, __, { out }) => {
          if (out === undefined) return
          new Float32Array(out.buffer, out.byteOffset + out.byteLength, 1).fill(0.5)
        }),
      ),
    format: 'wav',
    file: 's16.wav',
    check: 'out',
    message: /out on a SharedArrayBuffer: samples before or behind out were written/,
  },
  'input bytes that are written to': {
    backend: () =>
      oracleBackend({
        find(bytes, source) {
          const recording = oracle.find(bytes, source)
          bytes[20] = 0
          return recording
        },
      }),
    format: 'flac',
    file: 'stereo.flac',
    check: 'inputs',
    message: /the bytes of the input were changed/,
  },
  'a buffer that is used again for the next result': {
    backend: () => {
      const shared = new Float32Array(1 << 20)
      let call = 0
      return reading(async (recording, request) => {
        const { data, ...rest } = await oracle.read(recording, request)
        shared.set(data)
        shared[0] = (shared[0] as number) + call++
        return { ...rest, data: shared.subarray(0, data.length) }
      })
    },
    format: 'flac',
    file: '100-frames.flac',
    check: 'inputs',
    message: /a later decode changes an earlier result|the path against the bytes/,
  },
  'a position that calls share': {
    backend: () => {
      let position = 0
      return reading(async (recording, request) => {
        const { startFrame, endFrame } = request
        position = startFrame
        await new Promise((done) => setImmediate(done))
        const length = (endFrame ?? recording.frames) - startFrame
        return oracle.read(recording, {
          ...request,
          startFrame: position,
          endFrame: position + length,
        })
      })
    },
    format: 'wav',
    file: 's16.wav',
    check: 'several',
    message: /beside others/,
  },
  'an abort that is not heard': {
    backend: () => {
      const good = oracleBackend()
      const unheard = { signal: new AbortController().signal }
      return {
        ...good,
        async open(source, request) {
          const handle = await openFile(good, source, { ...request, ...unheard })
          return { ...handle, decode: async (asked) => handle.decode({ ...asked, ...unheard }) }
        },
      }
    },
    format: 'wav',
    file: 's16.wav',
    check: 'abort',
    message: /a decode of \d+ ms, aborted after a quarter of it, ends after \d+ ms/,
  },
  'limits that are not heard': {
    backend: () =>
      reading(async (recording, request) => {
        const limits = { ...request.limits, maxOutputBytes: Infinity }
        return oracle.read(recording, { ...request, limits })
      }),
    format: 'wav',
    file: 's16.wav',
    check: 'limits',
    message: /the backend itself, with limits\.maxOutputBytes too low, is no error/,
  },
}
