import { expect, test } from 'vitest'

import { ProtobufWriter } from './protobuf-writer.js'

const hex = (writer: ProtobufWriter): string => Buffer.from(writer.finish()).toString('hex')

// The examples of https://protobuf.dev/programming-guides/encoding/
test('fields are written as protobuf’s guide to its encoding shows them', () => {
  const inner = new ProtobufWriter().integer(1, 150)
  expect(hex(inner)).toBe('089601')
  expect(hex(new ProtobufWriter().bytes(2, 'testing'))).toBe('120774657374696e67')
  expect(hex(new ProtobufWriter().bytes(3, inner))).toBe('1a03089601')
})

test('negative and large whole numbers, floats and fields above 15 are written', () => {
  expect(hex(new ProtobufWriter().integer(1, -2))).toBe('08feffffffffffffffff01')
  expect(hex(new ProtobufWriter().integer(1, 2 ** 40))).toBe('08808080808020')
  expect(hex(new ProtobufWriter().float(2, 1))).toBe('150000803f')
  expect(hex(new ProtobufWriter().integer(20, 7))).toBe('a00107')
})
