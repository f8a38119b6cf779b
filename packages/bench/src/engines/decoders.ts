import type { LoadOptions } from '@audiodecode/core'

import { startAudioDecode } from './audiodecode.js'
import { startBeamcoder } from './beamcoder.js'
import type { Decoder } from './decoder.js'
import type { Engine, TimedDecode } from './engine.js'
import { startFfmpegLibrary } from './ffmpeg-library.js'
import { startLibsndfileLibrary } from './libsndfile-library.js'
import { startPython } from './python.js'

/** AudioDecode's `load` with this many threads. */
export function ours(threads: number, options: LoadOptions = {}): Decoder {
  const engine = startAudioDecode({ threads })
  const name = `AudioDecode, ${threads} thread${threads === 1 ? '' : 's'}`
  return { name, ...fromEngine(engine, 'load', { options }) }
}

/** The npm package beamcoder, by the backend that uses it, on one thread. */
export async function beamcoder(): Promise<Decoder> {
  const options: LoadOptions = { backend: 'beamcoder' }
  return { name: 'beamcoder', ...fromEngine(await startBeamcoder(), 'load', { options }) }
}

/** libsndfile, as Python's soundfile reads a whole file. */
export async function libsndfile(): Promise<Decoder> {
  const engine = await startPython('peers')
  return { name: 'libsndfile', ...fromEngine(engine, 'decode', { decoder: 'soundfile' }) }
}

/** The system's libsndfile in a C program, interleaved into new memory. */
export async function libsndfileLibrary(): Promise<Decoder> {
  return { name: 'libsndfile (C)', ...fromEngine(await startLibsndfileLibrary(), 'decode', {}) }
}

/** The system's FFmpeg as a library, one thread, into new memory. */
export async function ffmpegLibrary(): Promise<Decoder> {
  return { name: 'FFmpeg (library)', ...fromEngine(await startFfmpegLibrary(), 'decode', {}) }
}

/** FFmpeg's libraries through PyAV, one thread, into new memory. */
export async function pyav(): Promise<Decoder> {
  const engine = await startPython('peers')
  return { name: 'FFmpeg (PyAV)', ...fromEngine(engine, 'decode', { decoder: 'pyav' }) }
}

/** `librosa.load`, whose parameters `options` are. */
export function librosa(options: Readonly<Record<string, unknown>>): () => Promise<Decoder> {
  return async () => {
    const engine = await startPython('peers')
    return { name: 'librosa', ...fromEngine(engine, 'decode', { decoder: 'librosa', options }) }
  }
}

/**
 * torchcodec's AudioDecoder, made anew in each call; `options` as in `peer_decoders.py`. Its samples are multiplied by `gain` before
 * they are compared with ours, outside the time.
 */
export function torchcodec(
  options: Readonly<Record<string, unknown>>,
  gain = 1,
): () => Promise<Decoder> {
  return async () => {
    const engine = await startPython('torchcodec')
    const command = { decoder: 'torchcodec', options, gain }
    return { name: 'torchcodec', ...fromEngine(engine, 'decode', command) }
  }
}

function fromEngine(
  engine: Engine,
  op: string,
  command: Readonly<Record<string, unknown>>,
): Omit<Decoder, 'name'> {
  return {
    time: async (file) => (await engine.call<TimedDecode>(op, { ...command, file })).ms,
    dump: (file, dump) => engine.call<TimedDecode>(op, { ...command, file, dump }),
    [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose](),
  }
}
