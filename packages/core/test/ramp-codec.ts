import { AudioDecodeError } from '../src/errors.js'
import type {
  AudioBackend,
  AudioInfo,
  BackendHandle,
  BackendRequest,
  BackendResult,
  BackendSource,
  DecodeReport,
} from '../src/index.js'

/** A made-up lossless format: "RAMP", then rate, channels and frames as 32-bit numbers. Its samples follow from their place. */
export interface Ramp {
  readonly sampleRate: number
  readonly channels: number
  readonly frames: number
}

/** A file of the format. */
export function rampFile({ sampleRate, channels, frames }: Ramp): Uint8Array<ArrayBuffer> {
  const file = new DataView(new ArrayBuffer(16))
  for (const [i, letter] of Array.from('RAMP').entries()) file.setUint8(i, letter.charCodeAt(0))
  file.setUint32(4, sampleRate)
  file.setUint32(8, channels)
  file.setUint32(12, frames)
  return new Uint8Array(file.buffer)
}

/** The sample at a place: different for every frame of a second and for every channel, exact in 32 bits. */
export function rampSample(channel: number, frame: number): number {
  return (((frame * 7919 + channel * 104_729) % 65_536) - 32_768) / 32_768
}

/** Planar samples of frames [start, end), straight from the definition. */
export function rampSamples(channels: number, start: number, end: number): Float32Array {
  const frames = end - start
  const data = new Float32Array(frames * channels)
  for (let channel = 0; channel < channels; channel++) {
    for (let i = 0; i < frames; i++) data[channel * frames + i] = rampSample(channel, start + i)
  }
  return data
}

export function readRamp({ bytes, label }: BackendSource): Ramp {
  if (bytes === null) throw new Error('the test codec reads bytes')
  const file = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (String.fromCharCode(...bytes.subarray(0, 4)) !== 'RAMP') {
    throw new AudioDecodeError('ERR_UNSUPPORTED_FORMAT', `${label} is no RAMP file`)
  }
  return {
    sampleRate: file.getUint32(4),
    channels: file.getUint32(8),
    frames: file.getUint32(12),
  }
}

export function rampInfo(ramp: Ramp, changes: Partial<AudioInfo> = {}): AudioInfo {
  return {
    container: 'ramp',
    codec: 'ramp',
    sampleRate: ramp.sampleRate,
    channels: ramp.channels,
    channelLayout: null,
    bitDepth: 16,
    bitRate: null,
    frames: ramp.frames,
    framesExact: true,
    durationSeconds: ramp.frames / ramp.sampleRate,
    tracks: 1,
    tags: {},
    backend: 'ramp',
    ...changes,
  }
}

/** The least a codec author writes. */
export function plainRamp(changes: Partial<AudioBackend> = {}): AudioBackend {
  return {
    name: 'ramp',
    tier: 'standard',
    supports: () => true,
    async decode(source) {
      const { sampleRate, channels, frames } = readRamp(source)
      return { data: rampSamples(channels, 0, frames), channels, sampleRate }
    },
    capabilities: { inputs: ['bytes'] },
    ...changes,
  }
}

/** What a backend like the native ones does: opens, reads ranges and mixes by itself, makes blocks. It cannot resample. */
export function openingRamp(
  options: {
    readonly info?: Partial<AudioInfo>
    readonly report?: Partial<DecodeReport>
    readonly backend?: Partial<AudioBackend>
    readonly requests?: BackendRequest[]
    readonly closed?: () => void
    readonly blocks?: boolean
  } = {},
): AudioBackend {
  const read = (ramp: Ramp, request: BackendRequest): BackendResult => {
    options.requests?.push(request)
    const start = Math.min(request.startFrame, ramp.frames)
    const end = Math.min(request.endFrame ?? ramp.frames, ramp.frames)
    const planar = rampSamples(ramp.channels, start, end)
    const { sampleRate } = ramp
    const report = options.report === undefined ? {} : { report: options.report }
    if (!request.mono) return { data: planar, channels: ramp.channels, sampleRate, ...report }
    const data = new Float32Array(end - start)
    for (let i = 0; i < data.length; i++) {
      let sum = 0
      for (let c = 0; c < ramp.channels; c++) sum += rampSample(c, start + i)
      data[i] = sum / ramp.channels
    }
    return { data, channels: 1, sampleRate, ...report }
  }
  return {
    name: 'opening',
    tier: 'preferred',
    supports: () => true,
    capabilities: { range: true, mono: true, inputs: ['bytes'] },
    decode: () => Promise.reject(new Error('core must use open()')),
    async open(source): Promise<BackendHandle> {
      const ramp = readRamp(source)
      const handle: BackendHandle = {
        info: rampInfo(ramp, { backend: 'opening', ...options.info }),
        async decode(request) {
          const result = read(ramp, request)
          if (request.out === undefined) return result
          request.out.set(result.data)
          return { ...result, data: request.out.subarray(0, result.data.length) }
        },
        async close() {
          options.closed?.()
        },
      }
      if (options.blocks === false) return handle
      return {
        ...handle,
        async *blocks(request) {
          const end = Math.min(request.endFrame ?? ramp.frames, ramp.frames)
          for (let at = request.startFrame; at < end; at += request.blockFrames) {
            const endFrame = Math.min(at + request.blockFrames, end)
            yield read(ramp, { ...request, startFrame: at, endFrame })
          }
        },
      }
    },
    ...options.backend,
  }
}

/** Puts blocks together, channel by channel. */
export function concatenate(
  blocks: readonly { readonly channelData: readonly Float32Array[] }[],
): Float32Array {
  const channels = blocks[0]?.channelData.length ?? 0
  const samples: number[] = []
  for (let channel = 0; channel < channels; channel++) {
    for (const block of blocks) samples.push(...(block.channelData[channel] ?? []))
  }
  return Float32Array.from(samples)
}
