import { spawnSync } from 'node:child_process'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { diagnose } from '@audiodecode/core'
import { describe, expect, test } from 'vitest'

import { loadBackends } from '../src/load-backends.js'
import { runCaptured } from './run-captured.js'
import { useWorkFolder } from './work-folder.js'

const fixtures = fileURLToPath(new URL('../../../fixtures/', import.meta.url))
const work = useWorkFolder()

await loadBackends()
const found = await diagnose()
const isReady = found.some(({ name, available }) => name === 'rust' && available)
// Where everything must be there, a missing addon is a failure, not a skip.
const isRequired = process.env['AUDIODECODE_REQUIRE'] !== undefined

describe.skipIf(!isReady && !isRequired)('with the Rust backend', () => {
  test('a 16-bit FLAC becomes the WAV it was made of', async () => {
    // make_formats.py: s16.flac and s16.wav hold the same integers.
    const argv = ['decode', `${fixtures}formats/s16.flac`, '-o', work.at('a.wav')]
    expect((await runCaptured(argv)).code).toBe(0)
    const ours = readFileSync(work.at('a.wav'))
    const theirs = readFileSync(`${fixtures}formats/s16.wav`)
    const samples = (wav: Buffer): Buffer => {
      const at = wav.indexOf('data') + 8
      return wav.subarray(at, at + wav.readUInt32LE(at - 4))
    }
    expect(samples(ours).length).toBe(22_050 * 4)
    expect(samples(ours).equals(samples(theirs))).toBe(true)
  })

  test('the speech recording has 11 seconds, and a range of it is the slice of the whole', async () => {
    const file = `${fixtures}jfk.flac`
    const { stdout } = await runCaptured(['info', '--scan', '--json', file])
    expect(JSON.parse(stdout)).toMatchObject([
      { container: 'flac', sampleRate: 44_100, channels: 2, frames: 485_100, framesExact: true },
    ])
    await runCaptured(['decode', file, '-o', work.at('whole.f32')])
    await runCaptured([
      'decode',
      file,
      '--offset',
      '3',
      '--duration',
      '1',
      '-o',
      work.at('part.f32'),
    ])
    const whole = readFileSync(work.at('whole.f32'))
    const part = readFileSync(work.at('part.f32'))
    expect(whole.length).toBe(2 * 485_100 * 4)
    expect(part.length).toBe(2 * 44_100 * 4)
    expect(part.subarray(0, 44_100 * 4).equals(whole.subarray(132_300 * 4, 176_400 * 4))).toBe(true)
  })

  test('NumPy reads what the .npy says', async ({ skip }) => {
    await runCaptured(['decode', `${fixtures}formats/s16.flac`, '-o', work.at('a.npy')])
    const program =
      'import numpy,sys; a=numpy.load(sys.argv[1]); print(a.shape, a.dtype, a.flags.c_contiguous)'
    // The first python3 of the path may be one without the system's packages.
    const runs = ['python3', '/usr/bin/python3'].map((python) =>
      spawnSync(python, ['-c', program, work.at('a.npy')], { encoding: 'utf8' }),
    )
    const run = runs.find(({ status }) => status === 0)
    if (run === undefined) {
      if (isRequired) throw new Error(`NumPy is needed: ${runs[0]?.stderr}`)
      return skip('needs python3 with numpy')
    }
    expect(run.stdout.trim()).toBe('(2, 22050) float32 True')
  })

  test('a file cut short is told of, and fails with --strict', async () => {
    const whole = readFileSync(`${fixtures}formats/s16.wav`)
    writeFileSync(work.at('cut.wav'), whole.subarray(0, 44 + 11_025 * 4))
    const lax = await runCaptured(['decode', work.at('cut.wav'), '-o', work.at('a.npy')])
    expect(lax.code).toBe(0)
    expect(lax.stderr).toContain('truncated: the file ends at 0.250 s of 0.500 s')
    const strict = ['decode', work.at('cut.wav'), '--strict', '-o', work.at('b.npy')]
    expect((await runCaptured(strict)).code).toBe(1)
    expect(work.names()).toEqual(['a.npy', 'cut.wav'])
  })

  test('the content counts, not the name; and standard input has no name', async () => {
    copyFileSync(`${fixtures}formats/s16.flac`, work.at('song.mp3'))
    const named = await runCaptured(['info', '--json', work.at('song.mp3')])
    expect(JSON.parse(named.stdout)).toMatchObject([{ container: 'flac', codec: 'flac' }])
    const input = readFileSync(`${fixtures}formats/v2.mp3`)
    const piped = await runCaptured(['info', '--json', '-'], { input })
    expect(JSON.parse(piped.stdout)).toMatchObject([{ file: 'stdin', codec: 'mp3' }])
  })

  test('text named .mp3 is refused in one line that says what it is', async () => {
    writeFileSync(work.at('a.mp3'), 'Dear diary, this is no music.')
    const { code, stderr } = await runCaptured(['decode', work.at('a.mp3'), '-o', work.at('a.wav')])
    expect(code).toBe(1)
    expect(stderr.trimEnd()).not.toContain('\n')
    expect(stderr).toMatch(/text/)
  })
})
