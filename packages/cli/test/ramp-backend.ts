import type { AudioBackend, BackendHandle, BackendRequest, BackendResult } from '@audiodecode/core'
import { AudioDecodeError } from '@audiodecode/core'

/** A file of the test codec "ramp": JSON after "RAMP". Its samples are arithmetic, so that outputs can be checked by it. */
export interface Ramp {
  readonly rate: number
  readonly channels: number
  readonly frames: number
  /** Multiplies all samples, 1 unless told otherwise. */
  readonly gain?: number
  readonly truncated?: boolean
  readonly damaged?: { readonly startFrame: number; readonly endFrame: number }
  /** What info says, 16 unless told otherwise. */
  readonly bitDepth?: number
  /** Decoding fails here. */
  readonly failsAt?: number
  /** Decoding waits here until it is aborted. */
  readonly hangsAt?: number
}

/** The 16-bit value of a sample: a sawtooth, another one in each channel. */
export function rampValue(frame: number, channel: number): number {
  return ((frame * 37 + channel * 1000 + 32_768) % 65_536) - 32_768
}

/** Bytes of a ramp file. */
export function rampFile(ramp: Ramp): string {
  return `RAMP${JSON.stringify(ramp)}`
}

/** Reads ramp files, in blocks, with all that a report can tell. */
export const rampBackend: AudioBackend = {
  name: 'ramp',
  tier: 'standard',
  capabilities: { range: true, inputs: ['bytes'] },
  supports: ({ header }) => String.fromCharCode(...header.subarray(0, 4)) === 'RAMP',
  decode: async () => {
    throw new Error('open is there')
  },
  open: async (source) => openRamp(new TextDecoder().decode(source.bytes ?? undefined)),
  status: async () => ({ available: true, version: '1.2.3', hint: null }),
}

function openRamp(text: string): BackendHandle {
  if (!text.startsWith('RAMP')) throw new AudioDecodeError('ERR_UNSUPPORTED_FORMAT', 'not a ramp')
  const ramp = JSON.parse(text.slice(4)) as Ramp
  return {
    info: {
      container: 'ramp',
      codec: 'json',
      sampleRate: ramp.rate,
      channels: ramp.channels,
      channelLayout: null,
      bitDepth: ramp.bitDepth ?? 16,
      bitRate: ramp.rate * ramp.channels * 16,
      frames: ramp.frames,
      framesExact: true,
      durationSeconds: ramp.frames / ramp.rate,
      tracks: 1,
      tags: { title: 'Ramp' },
      backend: 'ramp',
    },
    decode: async (request) => part(ramp, request.startFrame, end(ramp, request)),
    async *blocks(request) {
      for (let at = request.startFrame; at < end(ramp, request); at += request.blockFrames) {
        if (ramp.hangsAt !== undefined && at >= ramp.hangsAt) await untilAborted(request)
        if (ramp.failsAt !== undefined && at >= ramp.failsAt) {
          throw new AudioDecodeError('ERR_CORRUPT', 'bad frame', { backend: 'ramp' })
        }
        yield part(ramp, at, Math.min(at + request.blockFrames, end(ramp, request)))
      }
    },
    close: async () => {},
  }
}

function end(ramp: Ramp, request: BackendRequest): number {
  return Math.min(request.endFrame ?? Infinity, ramp.frames)
}

function part(ramp: Ramp, from: number, to: number): BackendResult {
  const frames = Math.max(0, to - from)
  const data = Float32Array.from({ length: frames * ramp.channels }, (_, i) => {
    const value = rampValue(from + (i % frames), Math.floor(i / frames))
    return (value / 32_768) * (ramp.gain ?? 1)
  })
  const start = Math.max(from, ramp.damaged?.startFrame ?? to)
  const stop = Math.min(to, ramp.damaged?.endFrame ?? from)
  const damaged =
    start < stop
      ? [{ startFrame: start - from, endFrame: stop - from, byteOffset: 1234, reason: 'bad frame' }]
      : []
  const truncated = ramp.truncated === true && to === ramp.frames
  return {
    data,
    channels: ramp.channels,
    sampleRate: ramp.rate,
    report: {
      damaged,
      truncated,
      expectedFrames: ramp.frames + (ramp.truncated === true ? 8000 : 0),
    },
  }
}

function untilAborted({ signal }: BackendRequest): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason as Error))
  })
}
