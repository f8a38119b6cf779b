import { backendConformance } from '@audiodecode/backend-tests'
import type { ConformanceSample } from '@audiodecode/backend-tests'

import { qoaBackend } from '../src/qoa-backend.js'
import { fixture, reconstruction } from './fixtures.js'

/** A file of the fixtures, with what its encoder says that it decodes to. */
function sample(name: string, channels: number, sampleRate: number): ConformanceSample {
  return {
    name: `${name}.qoa`,
    format: 'qoa',
    extension: 'qoa',
    container: 'qoa',
    codec: 'qoa',
    sampleRate,
    channels,
    frames: reconstruction(name, channels).length / channels,
    bytes: () => fixture(`${name}.qoa`),
    reference: () => reconstruction(name, channels),
    bound: 0,
  }
}

/** A streaming file may be followed by more frames: so a long one is made. */
function repeated(times: number): Uint8Array {
  const file = fixture('streaming.qoa')
  const frames = file.subarray(8)
  const long = new Uint8Array(8 + frames.length * times)
  long.set(file.subarray(0, 8))
  for (let i = 0; i < times; i++) long.set(frames, 8 + i * frames.length)
  return long
}

backendConformance(qoaBackend, {
  formats: [],
  samples: [
    sample('speech', 1, 44_100),
    sample('stereo', 2, 22_050),
    { ...sample('streaming', 2, 22_050), unmeasured: true, repeat: repeated },
  ],
  table: '../etc/conformance.json',
})
