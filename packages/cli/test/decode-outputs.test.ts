import { existsSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'

import { describe, expect, test } from 'vitest'

import { rampFile, rampValue } from './ramp-backend.js'
import { runCaptured } from './run-captured.js'
import { useWorkFolder } from './work-folder.js'

const work = useWorkFolder()

describe('a .wav', () => {
  test('of 16 bit holds the very integers of a 16-bit source after a 44-byte header', async () => {
    const result = await runCaptured(['decode', work.ramp('a.ramp'), '-o', work.at('a.wav')])
    expect(result).toMatchObject({ code: 0, stdout: '' })
    const wav = readFileSync(work.at('a.wav'))
    const bytes = 8000 * 2 * 2
    expect(wav.length).toBe(44 + bytes)
    expect(wav.toString('latin1', 0, 4)).toBe('RIFF')
    expect(wav.readUInt32LE(4)).toBe(36 + bytes)
    expect(wav.toString('latin1', 8, 16)).toBe('WAVEfmt ')
    // Chunk size, PCM, 2 channels, rate, bytes a second, bytes a frame, bits.
    expect([wav.readUInt32LE(16), wav.readUInt16LE(20), wav.readUInt16LE(22)]).toEqual([16, 1, 2])
    expect([wav.readUInt32LE(24), wav.readUInt32LE(28)]).toEqual([8000, 32_000])
    expect([wav.readUInt16LE(32), wav.readUInt16LE(34)]).toEqual([4, 16])
    expect(wav.toString('latin1', 36, 40)).toBe('data')
    expect(wav.readUInt32LE(40)).toBe(bytes)
    for (let frame = 0; frame < 8000; frame++) {
      expect(wav.readInt16LE(44 + frame * 4)).toBe(rampValue(frame, 0))
      expect(wav.readInt16LE(46 + frame * 4)).toBe(rampValue(frame, 1))
    }
  })

  test('of 24 bit and an odd number of bytes is padded, and the padding is not counted as data', async () => {
    const file = work.ramp('a.ramp', { channels: 1, frames: 333 })
    await runCaptured(['decode', file, '--bits', '24', '-o', work.at('a.wav')])
    const wav = readFileSync(work.at('a.wav'))
    expect(wav.readUInt32LE(40)).toBe(999)
    expect(wav.length).toBe(44 + 1000)
    expect(wav.readUInt32LE(4)).toBe(wav.length - 8)
    for (let frame = 0; frame < 333; frame++) {
      expect(wav.readIntLE(44 + frame * 3, 3)).toBe(rampValue(frame, 0) * 256)
    }
  })

  test('of 32 bit is IEEE float with a fact chunk and keeps what is louder than full scale', async () => {
    const file = work.ramp('a.ramp', { gain: 2 })
    const result = await runCaptured(['decode', file, '--bits', '32', '-o', work.at('a.wav')])
    expect(result.stderr).not.toContain('full scale')
    const wav = readFileSync(work.at('a.wav'))
    expect(wav.readUInt16LE(20)).toBe(3)
    const fact = wav.indexOf('fact')
    expect(wav.readUInt32LE(fact + 8)).toBe(8000)
    const data = wav.indexOf('data') + 8
    expect(wav.readUInt32LE(data - 4)).toBe(64_000)
    expect(wav.length).toBe(data + 64_000)
    expect(wav.readFloatLE(data + 4)).toBe((rampValue(0, 1) / 32_768) * 2)
    expect(wav.readFloatLE(data + 800 * 8)).toBe((rampValue(800, 0) / 32_768) * 2)
  })

  test('has as many bits as the source, unless told otherwise', async () => {
    for (const [bitDepth, bits] of [
      [8, 16],
      [16, 16],
      [24, 24],
      [32, 32],
    ] as const) {
      const file = work.ramp('a.ramp', { bitDepth })
      await runCaptured(['decode', file, '-f', '-o', work.at('a.wav')])
      expect(readFileSync(work.at('a.wav')).readUInt16LE(34)).toBe(bits)
    }
  })

  test('of more than two channels is extensible, without a claim about loudspeakers', async () => {
    const file = work.ramp('a.ramp', { channels: 6, frames: 10 })
    await runCaptured(['decode', file, '-o', work.at('a.wav')])
    const wav = readFileSync(work.at('a.wav'))
    expect([wav.readUInt32LE(16), wav.readUInt16LE(20)]).toEqual([40, 0xfffe])
    expect([wav.readUInt16LE(36), wav.readUInt16LE(38), wav.readUInt32LE(40)]).toEqual([22, 16, 0])
    // KSDATAFORMAT_SUBTYPE_PCM as ksmedia.h has it.
    expect(wav.toString('hex', 44, 60)).toBe('0100000000001000800000aa00389b71')
    expect(wav.readInt16LE(68 + 5 * 2)).toBe(rampValue(0, 5))
  })

  test('says when it had to cut off what is louder than full scale', async () => {
    const file = work.ramp('a.ramp', { channels: 1, frames: 2, gain: 40 })
    const { code, stderr } = await runCaptured(['decode', file, '-o', work.at('a.wav')])
    // Values 0 and 37/32768 × 40 = 0.045: nothing is cut.
    expect({ code, cut: stderr.includes('full scale') }).toEqual({ code: 0, cut: false })
    const loud = work.ramp('b.ramp', { channels: 1, frames: 1772, gain: 2 })
    const result = await runCaptured(['decode', loud, '-o', work.at('b.wav')])
    // 37 n > 16,384 from n = 443 to n = 885, and again once the sawtooth has turned over.
    const values = Array.from({ length: 1772 }, (_, i) => rampValue(i, 0) * 2)
    const cut = values.filter((value) => value > 32_768 || value < -32_768).length
    expect(result.stderr).toContain(`${cut} samples beyond full scale`)
  })
})

describe('a .npy', () => {
  test('is float32 in C order of shape (channels, frames), as the format 1.0 says', async () => {
    await runCaptured(['decode', work.ramp('a.ramp'), '-o', work.at('a.npy')])
    const npy = readFileSync(work.at('a.npy'))
    expect([...npy.subarray(0, 8)]).toEqual([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0])
    const headerEnd = 10 + npy.readUInt16LE(8)
    expect(headerEnd % 64).toBe(0)
    const header = npy.toString('latin1', 10, headerEnd)
    expect(header.trimEnd()).toBe("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 8000), }")
    expect(header.endsWith('\n')).toBe(true)
    expect(npy.length).toBe(headerEnd + 2 * 8000 * 4)
    for (const [channel, frame] of [
      [0, 0],
      [0, 7999],
      [1, 0],
      [1, 4567],
    ] as const) {
      const value = npy.readFloatLE(headerEnd + (channel * 8000 + frame) * 4)
      expect(value).toBe(rampValue(frame, channel) / 32_768)
    }
  })
})

describe('a .f32', () => {
  test('is nothing but the channels one after the other', async () => {
    const file = work.ramp('a.ramp', { channels: 3, frames: 20_000 })
    await runCaptured(['decode', file, '-o', work.at('a.f32')])
    const raw = readFileSync(work.at('a.f32'))
    expect(raw.length).toBe(3 * 20_000 * 4)
    for (let i = 0; i < 60_000; i += 7) {
      const expected = rampValue(i % 20_000, Math.floor(i / 20_000)) / 32_768
      expect(raw.readFloatLE(i * 4)).toBe(expected)
    }
  })

  test('with --offset and --duration is that part, in seconds of the source', async () => {
    const file = work.ramp('a.ramp', { channels: 1 })
    const range = ['--offset', '-0.5', '--duration', '0:0.25']
    await runCaptured(['decode', file, ...range, '-o', work.at('a.f32')])
    const raw = readFileSync(work.at('a.f32'))
    expect(raw.length).toBe(2000 * 4)
    expect(raw.readFloatLE(0)).toBe(rampValue(4000, 0) / 32_768)
  })

  test('with --mono is the mean of the channels, and --rate changes the length', async () => {
    const file = work.ramp('a.ramp')
    await runCaptured(['decode', file, '--mono', '-o', work.at('mono.f32')])
    const raw = readFileSync(work.at('mono.f32'))
    expect(raw.length).toBe(8000 * 4)
    expect(raw.readFloatLE(400)).toBeCloseTo((rampValue(100, 0) + rampValue(100, 1)) / 65_536, 6)
    await runCaptured(['decode', file, '--mono', '-r', '4000', '-o', work.at('half.f32')])
    expect(statSync(work.at('half.f32')).size).toBe(4000 * 4)
  })
})

describe('standard input and output', () => {
  test('pass a file through: - reads stdin, -o - writes to stdout', async () => {
    const input = Buffer.from(rampFile({ rate: 8000, channels: 1, frames: 50 }))
    const { code, stdoutBytes, stderr } = await runCaptured(['decode', '-', '-o', '-'], { input })
    expect(code).toBe(0)
    const wav = Buffer.from(stdoutBytes)
    // The whole header, sizes included, although stdout cannot be rewound.
    expect(wav.length).toBe(144)
    expect(wav.readUInt32LE(40)).toBe(100)
    expect(wav.readInt16LE(46)).toBe(rampValue(1, 0))
    expect(stderr).toContain('stdin → stdout')
  })

  test('into a folder stdin is called stdin', async () => {
    const input = Buffer.from(rampFile({ rate: 8000, channels: 1, frames: 50 }))
    await runCaptured(['decode', '-', '-o', `${work.path}/new/`, '--format', 'f32'], { input })
    expect(statSync(work.at('new/stdin.f32')).size).toBe(200)
  })

  test('a reader that has gone ends the command quietly', async () => {
    const broken = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })
    const stdout = {
      write: (_: unknown, done: (error?: Error) => void) => setImmediate(done, broken),
    }
    const result = await runCaptured(['decode', work.ramp('a.ramp'), '-o', '-'], { stdout })
    expect(result).toMatchObject({ code: 0, stderr: '' })
  })
})

describe('what is there already', () => {
  test('stays, unless --force', async () => {
    writeFileSync(work.at('a.wav'), 'precious')
    const argv = ['decode', work.ramp('a.ramp'), '-o', work.at('a.wav')]
    const refused = await runCaptured(argv)
    expect(refused.code).toBe(1)
    expect(refused.stderr).toContain('already exists; --force replaces it')
    expect(readFileSync(work.at('a.wav'), 'utf8')).toBe('precious')
    expect((await runCaptured([...argv, '-f'])).code).toBe(0)
    expect(statSync(work.at('a.wav')).size).toBe(32_044)
    expect(work.names()).toEqual(['a.ramp', 'a.wav'])
  })

  test.skipIf(process.platform === 'win32')(
    'is never the input itself, not even through a link and with --force',
    async () => {
      const file = work.ramp('a.wav')
      symlinkSync(file, work.at('link.wav'))
      const before = readFileSync(file, 'utf8')
      for (const output of ['a.wav', 'link.wav']) {
        const result = await runCaptured(['decode', file, '-f', '-o', work.at(output)])
        expect(result.code).toBe(1)
        expect(result.stderr).toContain('would write over the input')
      }
      expect(readFileSync(file, 'utf8')).toBe(before)
    },
  )

  test.skipIf(process.platform === 'win32')('a device is written to, not replaced', async () => {
    const argv = ['decode', work.ramp('a.ramp'), '-o', '/dev/null', '--format', 'wav', '--force']
    expect((await runCaptured(argv)).code).toBe(0)
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true)
  })

  test('a folder that is not there is named', async () => {
    const result = await runCaptured(['decode', work.ramp('a.ramp'), '-o', work.at('no/a.wav')])
    expect(result.code).toBe(1)
    expect(result.stderr).toMatch(/there is no folder .*no; create it first/)
  })
})

describe('a decode that does not end well', () => {
  test('leaves nothing behind when it fails half-way', async () => {
    const file = work.ramp('a.ramp', { frames: 80_000, failsAt: 40_000 })
    const result = await runCaptured(['decode', file, '-o', work.at('a.npy')])
    expect(result.code).toBe(1)
    expect(result.stderr).toBe(`audiodecode: ${file}: bad frame\n`)
    expect(work.names()).toEqual(['a.ramp'])
  })

  test('leaves nothing behind and is 130 when it is stopped', async () => {
    const file = work.ramp('a.ramp', { frames: 80_000, hangsAt: 40_000 })
    const controller = new AbortController()
    const running = runCaptured(['decode', file, '-o', work.at('a.npy')], {
      signal: controller.signal,
    })
    await expect.poll(() => work.names().filter((name) => name.endsWith('.tmp')).length).toBe(2)
    controller.abort(new Error('stopped by SIGINT'))
    expect(await running).toMatchObject({ code: 130, stderr: '' })
    expect(work.names()).toEqual(['a.ramp'])
  })
})

test('damage and a missing end are told, and the file is written', async () => {
  const file = work.ramp('a.ramp', {
    frames: 16_000,
    truncated: true,
    damaged: { startFrame: 7900, endFrame: 8400 },
  })
  const { code, stderr } = await runCaptured(['decode', file, '-o', work.at('a.wav')])
  expect(code).toBe(0)
  const lines = stderr.trimEnd().split('\n')
  // 7,900 and 8,400 frames at 8 kHz; the stretch lies across a block boundary and is told once.
  expect(lines[0]).toBe(
    `audiodecode: ${file}: damaged: 0.988–1.050 s is silence (bad frame at byte 1234)`,
  )
  expect(lines[1]).toBe(`audiodecode: ${file}: truncated: the file ends at 2.000 s of 3.000 s`)
  expect(existsSync(work.at('a.wav'))).toBe(true)
})

test('with --strict damage is a failure and nothing is written', async () => {
  const bad = work.ramp('bad.ramp', { truncated: true })
  const good = work.ramp('good.ramp')
  const { code, stderr } = await runCaptured([
    'decode',
    bad,
    good,
    '--strict',
    '-o',
    `${work.path}/out/`,
  ])
  expect(code).toBe(1)
  expect(stderr).toContain(
    'truncated: the file ends at 1.000 s of 2.000 s; nothing was written (--strict)',
  )
  expect(existsSync(work.at('out/bad.wav'))).toBe(false)
  expect(existsSync(work.at('out/good.wav'))).toBe(true)
})

test('of several files the good ones are written when one fails', async () => {
  const files = [work.ramp('a.ramp'), work.at('missing.ramp'), work.ramp('c.ramp')]
  const result = await runCaptured(['decode', ...files, '-o', work.path, '--format', 'npy'])
  expect(result.code).toBe(1)
  expect(result.stderr.split('\n').filter((line) => line.startsWith('audiodecode: '))).toHaveLength(
    1,
  )
  expect(result.stderr).toContain(`audiodecode: ${files[1]}: `)
  expect(work.names()).toEqual(['a.npy', 'a.ramp', 'c.npy', 'c.ramp'])
})

test('two inputs that would become one file are refused before anything is done', async () => {
  const files = [work.ramp('a.ramp'), work.ramp('a.RAMP')]
  const result = await runCaptured(['decode', ...files, '-o', `${work.path}/`])
  expect(result.code).toBe(2)
  expect(result.stderr).toContain('would both become')
})

test('a range after the end gives an empty file and a warning', async () => {
  const argv = ['decode', work.ramp('a.ramp'), '--offset', '5', '-o', work.at('a.wav')]
  const { code, stderr } = await runCaptured(argv)
  expect(code).toBe(0)
  expect(stderr).toContain('no samples in this range')
  expect(readFileSync(work.at('a.wav')).readUInt32LE(40)).toBe(0)
})
