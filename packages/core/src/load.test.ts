import { afterEach, describe, expect, test } from 'vitest'

import { openingRamp, plainRamp, rampFile, rampSample, rampSamples } from '../test/ramp-codec.js'
import { load, listBackends, registerBackend, unregisterBackend } from './index.js'
import type { AudioBackend } from './index.js'

afterEach(() => {
  for (const { name } of listBackends()) unregisterBackend(name)
})

const stereo = { sampleRate: 8000, channels: 2, frames: 8000 }
const file = rampFile(stereo)

/** Every way a backend may be written must give the same samples. */
const backends: readonly (readonly [string, () => AudioBackend])[] = [
  ['a backend that only decodes', () => plainRamp()],
  ['a backend that opens', () => openingRamp()],
  [
    'a backend that opens but leaves everything to core',
    () => openingRamp({ backend: { capabilities: { inputs: ['bytes'] } } }),
  ],
]

describe.each(backends)('with %s', (_, create) => {
  test('load gives all frames, planar, with one view per channel', async () => {
    registerBackend(create())
    const audio = await load(file)
    expect(audio).toMatchObject({
      channels: 2,
      frames: 8000,
      sampleRate: 8000,
      durationSeconds: 1,
      startSeconds: 0,
    })
    expect(audio.data).toEqual(rampSamples(2, 0, 8000))
    expect(audio.channelData.map((plane) => plane.buffer === audio.data.buffer)).toEqual([
      true,
      true,
    ])
    expect(audio.channelData[1]?.[3]).toBe(rampSample(1, 3))
  })
})
