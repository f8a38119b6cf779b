import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, expect, test } from 'vitest'

import { interleavedBytes } from './sample-bytes.js'
import { wavWriter } from './wav-writer.js'

const folder = mkdtempSync(join(tmpdir(), 'audiodecode-wav-'))
const path = join(folder, 'a.wav')
afterEach(() => rmSync(path, { force: true }))

async function written(expectedFrames: number | null, largest32Bit: number): Promise<Buffer> {
  const file = await open(path, 'w')
  try {
    const options = {
      channels: 1,
      sampleRate: 8000,
      bits: 16,
      expectedFrames,
      largest32Bit,
    } as const
    const writer = wavWriter(file, options)
    await writer.write([new Float32Array(600).fill(0.5)])
    await writer.write([new Float32Array(400).fill(-0.5)])
    await writer.finish()
  } finally {
    await file.close()
  }
  return readFileSync(path)
}

test('beyond what 32 bits can say it becomes an RF64 file, as EBU Tech 3306 lays it out', async () => {
  // The limit of 4 GiB is lowered, so that 2,000 bytes of samples are beyond it.
  const file = await written(null, 1999)
  expect(file.toString('latin1', 0, 4)).toBe('RF64')
  expect(file.readUInt32LE(4)).toBe(0xffffffff)
  expect(file.toString('latin1', 8, 16)).toBe('WAVEds64')
  expect(file.readUInt32LE(16)).toBe(28)
  expect(file.readBigUInt64LE(20)).toBe(BigInt(file.length - 8))
  expect(file.readBigUInt64LE(28)).toBe(2000n)
  expect(file.readBigUInt64LE(36)).toBe(1000n)
  expect(file.readUInt32LE(44)).toBe(0)
  expect(file.toString('latin1', 48, 52)).toBe('fmt ')
  expect(file.toString('latin1', 72, 76)).toBe('data')
  expect(file.readUInt32LE(76)).toBe(0xffffffff)
  expect(file.length).toBe(80 + 2000)
  expect([file.readInt16LE(80), file.readInt16LE(80 + 1998)]).toEqual([16_384, -16_384])
})

test('with room for it but no need it is an ordinary WAV file with a chunk to be skipped', async () => {
  const file = await written(null, 0xffffffff)
  expect(file.toString('latin1', 0, 4)).toBe('RIFF')
  expect(file.readUInt32LE(4)).toBe(file.length - 8)
  expect(file.toString('latin1', 12, 16)).toBe('JUNK')
  expect(file.readUInt32LE(76)).toBe(2000)
})

test('a file with far more samples than it announced fails rather than lie about its size', async () => {
  await expect(written(10, 1999)).rejects.toThrow('far more samples than the file announced')
})

test('values are rounded to the nearest step and kept within it', () => {
  const step = 1 / 32_768
  const samples = Float32Array.of(0.4 * step, 0.6 * step, -0.6 * step, 1, 1.5, -1, -1.5, Number.NaN)
  const { bytes, clipped } = interleavedBytes([samples], 16)
  const view = new DataView(bytes.buffer)
  const values = Array.from(samples, (_, i) => view.getInt16(i * 2, true))
  expect(values).toEqual([0, 1, -1, 32_767, 32_767, -32_768, -32_768, 0])
  // 1.0 itself has no code, yet is no overload.
  expect(clipped).toBe(2)
})
