import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { beamcoderBackend } from '@audiodecode/backend-ffmpeg/beamcoder'
import { load } from '@audiodecode/core'
import type { AudioData } from '@audiodecode/core'
import { makeWav, temporaryFolder } from '@audiodecode/test-support'
import { describe, expect, test } from 'vitest'

import { beamcoderProcesses, until, usedMs } from '../src/processes.js'

const temporaryFile = temporaryFolder()
const { available } = await beamcoderBackend.status!()
const pause = async (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms))
const decode = async (place: string | Uint8Array, more: object = {}): Promise<AudioData> =>
  load(place, { backend: 'beamcoder', cache: false, ...more })

/** Frames [from, to) of every channel. Compared as bytes, since a matcher takes seconds for so many numbers. */
const slice = ({ channelData }: AudioData, from = 0, to?: number): Buffer =>
  Buffer.concat(channelData.map((plane) => Buffer.from(plane.slice(from, to).buffer)))

/** A FLAC file of 11 s in 106 packets of 4,608 frames, the last one shorter. */
const flac = readFileSync(fileURLToPath(new URL('../../../fixtures/jfk.flac', import.meta.url)))

/** A copy with a byte changed at each of these shares of its length. */
function broken(...shares: readonly number[]): Uint8Array {
  const bytes = Uint8Array.from(flac)
  for (const share of shares) {
    const at = Math.floor(share * bytes.length)
    bytes[at] = bytes[at]! ^ 0x10
  }
  return bytes
}

const sample = (name: string): string =>
  fileURLToPath(new URL(`../../backend-tests/samples/${name}`, import.meta.url))

/** AC-3, 1,000 times over, whose frames may simply follow each other: 4,000 packets. */
const ac3 = readFileSync(
  fileURLToPath(new URL('../../../crates/audiodecode-ffmpeg/tests/data/tone.ac3', import.meta.url)),
)
const long = temporaryFile('long.ac3', Buffer.concat(Array.from({ length: 1000 }, () => ac3)))

describe('beamcoder:', { timeout: 60_000 }, () => {
  test.skipIf(!available)(
    'a damaged packet is silence in its place, told in the report, the same every time',
    async () => {
      const whole = await decode(flac)
      const first = await decode(broken(0.5))
      expect(first.frames).toBe(whole.frames)
      const [damage, ...more] = first.report.damaged
      expect(more).toEqual([])
      const { startFrame, endFrame } = damage!
      expect([startFrame % 4608, endFrame - startFrame]).toEqual([0, 4608])
      expect(slice(first, startFrame, endFrame).every((byte) => byte === 0)).toBe(true)
      expect(slice(first, 0, startFrame).equals(slice(whole, 0, startFrame))).toBe(true)
      expect(slice(first, endFrame).equals(slice(whole, endFrame))).toBe(true)
      for (let i = 0; i < 4; i++) {
        expect(slice(await decode(broken(0.5))).equals(slice(first))).toBe(true)
      }
      await expect(decode(broken(0.5), { onDamage: 'error' })).rejects.toMatchObject({
        code: 'ERR_CORRUPT',
      })
    },
  )

  test.skipIf(!available)('so is one behind the packets that are decoded one by one', async () => {
    const whole = await decode(flac)
    const harmed = await decode(broken(0.5, 0.95))
    const damaged = harmed.report.damaged.map(({ startFrame }) => startFrame)
    expect(damaged).toHaveLength(2)
    expect(damaged[1]).toBeGreaterThan(64 * 4608)
    const last = damaged[1]! + 4608
    expect(slice(harmed, last).equals(slice(whole, last))).toBe(true)
    expect(harmed.frames).toBe(whole.frames)
  })

  test.skipIf(!available)('damage that lies outside of a range does not concern it', async () => {
    const whole = await decode(flac)
    const { startFrame } = (await decode(broken(0.5))).report.damaged[0]!
    const { sampleRate } = whole
    const duration = startFrame / sampleRate
    const before = await decode(broken(0.5), { duration })
    expect(before.report.damaged).toEqual([])
    expect(slice(before).equals(slice(whole, 0, startFrame))).toBe(true)
    const offset = (startFrame + 4608) / sampleRate
    const after = await decode(broken(0.5), { offset })
    expect(after.report.damaged).toEqual([])
    expect(slice(after).equals(slice(whole, startFrame + 4608))).toBe(true)
  })

  test.skipIf(!available)('as many packets may be damaged as there are', async () => {
    const whole = await decode(flac)
    const harmed = await decode(broken(...Array.from({ length: 20 }, (_, i) => 0.1 + i * 0.044)))
    expect(harmed.frames).toBe(whole.frames)
    expect(harmed.report.damaged).toHaveLength(20)
  })

  test.skipIf(!available)(
    'of packets that are decoded together the right one is found',
    async () => {
      // ADTS, twelve times over: 108 packets of 1,024 frames. What is behind the header of two of them is overwritten.
      const once = readFileSync(sample('mono.aac'))
      const bytes = Buffer.concat(Array.from({ length: 12 }, () => once))
      const whole = await decode(bytes)
      for (let at = 0, packet = 0; at < bytes.length; packet += 1) {
        const size = (bytes.readUIntBE(at + 3, 3) >> 5) & 0x1fff
        if (packet === 80 || packet === 100) bytes.fill(0xff, at + 7, at + size)
        at += size
      }
      const harmed = await decode(bytes)
      expect(harmed.frames).toBe(whole.frames)
      expect(harmed.report.damaged).toMatchObject(
        [80, 100].map((packet) => ({ startFrame: packet * 1024, endFrame: (packet + 1) * 1024 })),
      )
      // The packet behind a damaged one overlaps with it.
      for (const [from, to] of [
        [0, 80],
        [82, 100],
        [102, 108],
      ] as const) {
        expect(
          slice(harmed, from * 1024, to * 1024).equals(slice(whole, from * 1024, to * 1024)),
        ).toBe(true)
      }
    },
  )

  test.skipIf(!available || process.platform !== 'linux')(
    'a process that crashes in the middle is replaced, and the file is read all the same',
    async () => {
      const whole = await decode(long)
      const [id] = beamcoderProcesses()
      const before = usedMs(id!)
      const pending = decode(long)
      // Well under way.
      await until(() => usedMs(id!) > before + 300, 'it works')
      process.kill(id!, 'SIGSEGV')
      const audio = await pending
      expect(audio.report.damaged).toEqual([])
      expect(slice(audio).equals(slice(whole))).toBe(true)
      expect(beamcoderProcesses()).not.toContain(id)
    },
  )

  test.skipIf(!available || process.platform !== 'linux')(
    'a process that is killed is an error of its own, not damage, and the next file gets a new one',
    async () => {
      // So that it has started.
      await decode(makeWav({ frames: 100 }))
      const pending = decode(long)
      await until(() => beamcoderProcesses().length === 1, 'it works')
      await pause(150)
      process.kill(beamcoderProcesses()[0]!, 'SIGKILL')
      await expect(pending).rejects.toMatchObject({
        code: 'ERR_IO',
        message: expect.stringContaining('SIGKILL') as string,
      })
      expect((await decode(makeWav({ frames: 100 }))).frames).toBe(100)
    },
  )
})
