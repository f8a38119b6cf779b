import '@audiodecode/backend-rust'
import { Tensor } from 'onnxruntime-node'
import { expect, test } from 'vitest'

import { AudioDataLoader } from '../src/index.js'
import { collect, makeRecordings } from './recordings.js'

const recordings = makeRecordings(5)

test.each([undefined, { kind: 'mfcc', nMfcc: 13, nMels: 32, nFft: 512 } as const])(
  'a batch is a tensor of onnxruntime without a copy (features: %j)',
  async (features) => {
    const options = { sampleRate: 8000, ...(features === undefined ? {} : { features }) }
    const [batch] = await collect(new AudioDataLoader(recordings, options))
    const tensor = new Tensor('float32', batch!.data, batch!.shape)
    expect(tensor.dims).toEqual(batch!.shape)
    expect((tensor.data as Float32Array).buffer).toBe(batch!.data.buffer)
    // All of the buffer is the tensor's, so that it can be transferred.
    expect(batch!.data.buffer).toBeInstanceOf(ArrayBuffer)
    expect(batch!.data.byteOffset).toBe(0)
    expect(batch!.data.byteLength).toBe(batch!.data.buffer.byteLength)
    const moved = structuredClone(batch!.data, { transfer: [batch!.data.buffer as ArrayBuffer] })
    expect(moved.length).toBe(batch!.shape.reduce((product, size) => product * size, 1))
    expect(batch!.data.length).toBe(0)
  },
)
