import { readFile } from 'node:fs/promises'
import { setImmediate as nextTurn } from 'node:timers/promises'

import { AudioDecodeError } from '@audiodecode/core'
import type { AudioBackend, BackendRequest, BackendResult, BackendSource } from '@audiodecode/core'

import { decodeFrame } from './decode-frame.js'
import { isQoa, readFrames } from './qoa-frames.js'
import type { QoaFile } from './qoa-frames.js'

const NAME = 'qoa'

/** Decodes QOA, the Quite OK Audio format, in TypeScript. Only what a backend must have: core does the rest. */
export const qoaBackend: AudioBackend = {
  name: NAME,
  tier: 'standard',
  supports: ({ header }) => isQoa(header),
  decode: decodeQoa,
}

async function decodeQoa(source: BackendSource, request: BackendRequest): Promise<BackendResult> {
  const { limits, signal } = request
  const bytes = source.bytes ?? (await readFile(source.path ?? '', { signal }))
  // Callers may force a backend by name, so `supports` need not have been asked.
  if (!isQoa(bytes)) throw failure('ERR_UNSUPPORTED_FORMAT', 'is not a QOA file', source)

  const file = readFrames(bytes)
  const first = file.frames[0]
  if (first === undefined) {
    throw failure('ERR_CORRUPT', `has no whole frame: ${file.stopped?.reason ?? 'it ends'}`, source)
  }
  const { channels, sampleRate } = first
  const total = countSamples(file)
  if (channels > limits.maxChannels) {
    throw failure('ERR_LIMIT_EXCEEDED', `has ${channels} channels, over limits.maxChannels`, source)
  }
  if (total / sampleRate > limits.maxDurationSeconds) {
    throw failure('ERR_LIMIT_EXCEEDED', 'is longer than limits.maxDurationSeconds', source)
  }
  if (total * channels * 4 > limits.maxOutputBytes) {
    throw failure('ERR_LIMIT_EXCEEDED', 'decodes to more than limits.maxOutputBytes', source)
  }
  if (file.stopped !== null && request.onDamage === 'error') {
    const { reason, byteOffset } = file.stopped
    throw failure('ERR_CORRUPT', `is damaged at byte ${byteOffset}: ${reason}`, source, byteOffset)
  }

  const data = new Float32Array(total * channels)
  const planes = Array.from({ length: channels }, (_, c) =>
    data.subarray(c * total, (c + 1) * total),
  )
  let position = 0
  for (const [index, frame] of file.frames.entries()) {
    if (frame.channels !== channels || frame.sampleRate !== sampleRate) {
      throw failure('ERR_UNSUPPORTED_FORMAT', 'changes its rate or channels half-way', source)
    }
    decodeFrame(bytes, frame, planes, position)
    position += frame.samples
    // A frame takes about 0.1 ms a channel: let the event loop have its turn, and hear of an abort.
    if (index % 8 === 7 || channels > 8) {
      await nextTurn()
      signal?.throwIfAborted()
    }
  }
  const isShort = file.expectedSamples !== null && total < file.expectedSamples
  return {
    data,
    channels,
    sampleRate,
    report: {
      expectedFrames: file.expectedSamples,
      decodedFrames: total,
      truncated: isShort || file.stopped !== null,
    },
  }
}

/** Samples per channel that are in the file, at most as many as it promises. */
function countSamples({ frames, expectedSamples }: QoaFile): number {
  const present = frames.reduce((sum, frame) => sum + frame.samples, 0)
  return Math.min(present, expectedSamples ?? Infinity)
}

function failure(
  code: AudioDecodeError['code'],
  what: string,
  source: BackendSource,
  byteOffset?: number,
): AudioDecodeError {
  return new AudioDecodeError(code, `${source.label} ${what}.`, {
    backend: NAME,
    input: source.label,
    byteOffset,
  })
}
