import { expect, test } from 'vitest'

import { MessageReader } from './messages.js'
import type { Message } from './messages.js'

/** An answer as a process writes it: both sizes, the header, the samples. */
function encoded(message: Message, samples: Float32Array = new Float32Array(0)): Buffer {
  const text = Buffer.from(JSON.stringify(message))
  const sizes = Buffer.alloc(8)
  sizes.writeUInt32LE(text.length, 0)
  sizes.writeUInt32LE(samples.byteLength, 4)
  return Buffer.concat([sizes, text, Buffer.from(samples.buffer)])
}

test('answers are the same, however they are cut into pieces', () => {
  const answers: [Message, Float32Array][] = [
    [{ kind: 'ready', version: '5.1 – ünï' }, new Float32Array(0)],
    [{ kind: 'samples', frames: 3 }, Float32Array.of(0.25, -1, 1e-8)],
    [{ kind: 'samples', frames: 1 }, Float32Array.of(Number.NaN)],
    [{ kind: 'at', step: 'decode', packet: 7 }, new Float32Array(0)],
  ]
  const bytes = Buffer.concat(answers.map(([message, samples]) => encoded(message, samples)))
  for (const size of [1, 2, 3, 7, 8, 9, 40, bytes.length]) {
    const found: [Message, Float32Array][] = []
    const reader = new MessageReader((message, samples) => found.push([message, samples]))
    for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size))
    expect(found).toEqual(answers)
  }
})
