import { Buffer } from 'node:buffer'

import type { AudioData, CacheKey } from '@audiodecode/core'
import { expect } from 'vitest'

import { audioOf } from '../src/copy-audio.js'

/** A key of a whole file, changed as told. */
export function keyOf(changes: Partial<CacheKey> = {}): CacheKey {
  return {
    source: 'file:1:2:3',
    backend: 'made-up',
    options: '[]',
    nativeRate: null,
    startFrame: 0,
    endFrame: null,
    ...changes,
  }
}

/** Stereo audio in which every sample tells its frame and channel. */
export function audio(frames: number, changes: Partial<AudioData['report']> = {}): AudioData {
  const data = new Float32Array(frames * 2)
  for (let frame = 0; frame < frames; frame++) {
    data[frame] = frame
    data[frames + frame] = -frame
  }
  return audioOf({
    data,
    channels: 2,
    sampleRate: 1000,
    startSeconds: 0,
    backend: 'made-up',
    report: {
      expectedFrames: frames,
      decodedFrames: frames,
      damaged: [],
      truncated: false,
      gapless: { source: 'none', startFrames: 0, endFrames: 0 },
      declined: [],
      ...changes,
    },
  })
}

/** Fails unless both are the same to the bit, report and all. (`toEqual` takes seconds for a million samples.) */
export function expectSame(one: AudioData, other: AudioData): void {
  const { data, channelData, ...rest } = one
  expect(rest).toEqual({ ...other, data: undefined, channelData: undefined })
  expect(bytesOf(data).equals(bytesOf(other.data))).toBe(true)
  for (const [channel, plane] of channelData.entries()) {
    expect(plane.buffer).toBe(data.buffer)
    expect(bytesOf(plane).equals(bytesOf(other.channelData[channel]!))).toBe(true)
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength)
}
