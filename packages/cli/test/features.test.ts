import { spawnSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

import { load } from '@audiodecode/core'
import { mfcc } from '@audiodecode/features'
import { beforeEach, describe, expect, test } from 'vitest'

import { loadBackends } from '../src/load-backends.js'
import { runCaptured } from './run-captured.js'
import { useWorkFolder } from './work-folder.js'

const fixtures = fileURLToPath(new URL('../../../fixtures/', import.meta.url))
const work = useWorkFolder()
await loadBackends()

/** `a.ramp.wav`, `sub/b.wav`, `sub/c.flac`, and what is no audio. */
beforeEach(() => {
  mkdirSync(work.at('in/sub'), { recursive: true })
  work.ramp('in/a.ramp.wav')
  work.ramp('in/sub/b.wav', { frames: 4000 })
  copyFileSync(`${fixtures}formats/s16.flac`, work.at('in/sub/c.flac'))
  writeFileSync(work.at('in/readme.txt'), 'no audio')
})

const features = (...args: string[]) => runCaptured(['features', ...args])

/** Paths of the files below a folder, without the journal. */
function files(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.audiodecode-features'))
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .map((name) => name.split(sep).join('/'))
    .sort()
}

/** Shape and values by NumPy's own description of the format (numpy.lib.format). */
function readNpy(path: string): { shape: string; values: Float32Array } {
  const bytes = readFileSync(path)
  const length = bytes.readUInt16LE(8)
  const header = bytes.subarray(10, 10 + length).toString()
  const shape = /'shape': \(([^)]*)\)/.exec(header)?.[1] ?? ''
  return { shape, values: new Float32Array(Uint8Array.from(bytes.subarray(10 + length)).buffer) }
}

/** What python3 with NumPy prints; null where there is none. */
function numpy(program: string, ...args: string[]): string | null {
  const runs = ['python3', '/usr/bin/python3'].map((python) =>
    spawnSync(python, ['-c', `import numpy as np, sys\n${program}`, ...args], { encoding: 'utf8' }),
  )
  const run = runs.find(({ status }) => status === 0)
  if (run !== undefined) return run.stdout.trim()
  if (process.env['AUDIODECODE_REQUIRE'] === undefined) return null
  throw new Error(`NumPy is needed: ${runs[0]?.stderr}`)
}

describe('features of a folder', () => {
  test('are a .npy for each audio file, in the same folders, with the numbers of the library', async () => {
    const { code, stderr } = await features(work.at('in'), '-o', work.at('out'), '--mfcc', '13')
    expect(stderr).toMatch(/^3 computed {2}/)
    expect(code).toBe(0)
    expect(files(work.at('out'))).toEqual(['a.ramp.npy', 'sub/b.npy', 'sub/c.npy'])
    const audio = await load(work.at('in/sub/c.flac'), { sampleRate: 22_050, mono: true })
    const { data, shape } = await mfcc(audio, { nMfcc: 13 })
    const written = readNpy(work.at('out/sub/c.npy'))
    expect(written.shape).toBe(shape.join(', '))
    expect(written.values).toEqual(data)
  })

  test('are read by NumPy, one by one and as a shard', async ({ skip }) => {
    await features(work.at('in'), '-o', work.at('out'), '--mel', '40', '--log-mel')
    await features(work.at('in'), '-o', work.at('all.npz'), '--shard', '--mel', '40', '--log-mel')
    const program = `one = np.load(sys.argv[1])
all = np.load(sys.argv[2])
print(one.shape, one.dtype, sorted(all), (all['sub/c'] == one).all(), all.zip.testzip())`
    const printed = numpy(program, work.at('out/sub/c.npy'), work.at('all.npz'))
    if (printed === null) return skip('needs python3 with numpy')
    // 22,050 frames of 44.1 kHz are 11,025 of 22.05 kHz: 1 + floor(11,025 / 512) columns.
    expect(printed).toBe("(40, 22) float32 ['a.ramp', 'sub/b', 'sub/c'] True None")
  })

  test('come from patterns and single files too, each once', async () => {
    const pattern = `${work.at('in')}/**/*.wav`
    const argv = [pattern, work.at('in/sub/b.wav'), '-o', work.at('out'), '--mel', '8']
    expect((await features(...argv)).stderr).toMatch(/^2 computed/)
    expect(files(work.at('out'))).toEqual(['a.ramp.npy', 'sub/b.npy'])
  })

  test('keep the extension where it alone tells two files apart', async () => {
    copyFileSync(work.at('in/sub/b.wav'), work.at('in/sub/c.wav'))
    await features(work.at('in'), '-o', work.at('out'), '--mel', '8')
    expect(files(work.at('out'))).toEqual([
      'a.ramp.npy',
      'sub/b.npy',
      'sub/c.flac.npy',
      'sub/c.wav.npy',
    ])
  })

  test('are of samples resampled fast, or as well as can be', async () => {
    const mp3 = work.at('in/sub/d.mp3')
    copyFileSync(`${fixtures}formats/cbr128.mp3`, mp3)
    const argv = [mp3, '-o', work.at('out'), '--mfcc', '13']
    for (const [flags, quality] of [
      [[], 'fast'],
      [['--quality', 'best'], 'best'],
    ] as const) {
      expect((await features(...argv, ...flags)).stderr).toMatch(/^1 computed/)
      const audio = await load(mp3, { sampleRate: 22_050, mono: true, quality })
      const { data } = await mfcc(audio, { nMfcc: 13 })
      expect(readNpy(work.at('out/d.npy')).values).toEqual(data)
    }
  })

  test('of what cannot be decoded are missing: the rest is done, the list comes last, and the code is 1', async () => {
    writeFileSync(work.at('in/sub/bad.mp3'), 'this is no audio at all')
    const { code, stderr } = await features(work.at('in'), '-o', work.at('out'), '--mel', '8')
    expect(code).toBe(1)
    const lines = stderr.trim().split('\n')
    expect(lines[0]).toMatch(/^3 computed, 1 failed/)
    expect(lines.at(-1)).toContain('bad.mp3: No backend could decode it')
    expect(files(work.at('out')).length).toBe(3)
  })

  test('of samples that are no numbers are a failure of that file alone', async () => {
    const wav = readFileSync(`${fixtures}formats/f32.wav`)
    wav.writeFloatLE(Number.NaN, wav.length - 8)
    writeFileSync(work.at('in/a.nan.wav'), wav)
    const argv = [work.at('in'), '-o', work.at('out'), '--mel', '8', '--sample-rate', 'native']
    const { code, stderr } = await features(...argv)
    expect(stderr).toMatch(/^3 computed, 1 failed/)
    expect(stderr).toContain('a.nan.wav')
    expect(code).toBe(1)
  })

  test('of damaged files are told of, and fail with --strict', async () => {
    const whole = readFileSync(`${fixtures}formats/s16.wav`)
    writeFileSync(work.at('cut.wav'), whole.subarray(0, 44 + 11_025 * 4))
    const argv = [work.at('cut.wav'), '-o', work.at('out'), '--mel', '8']
    const lax = await features(...argv)
    expect([lax.code, files(work.at('out'))]).toEqual([0, ['cut.npy']])
    expect(lax.stderr).toContain('truncated')
    const strict = await features(...argv, '--strict', '--force')
    expect(strict.code).toBe(1)
    expect(strict.stderr).toContain('truncated')
  })
})

describe.each([
  ['a folder', 'out', []],
  ['a shard', 'out.npz', ['--shard']],
])('a second run into %s', (_kind, out, flags) => {
  const run = (...more: string[]) =>
    features(work.at('in'), '-o', work.at(out), '--mfcc', '5', ...flags, ...more)
  const contents = (): Buffer[] =>
    statSync(work.at(out)).isDirectory()
      ? files(work.at(out)).map((name) => readFileSync(work.at(`${out}/${name}`)))
      : [readFileSync(work.at(out))]

  test('computes nothing when nothing has changed', async () => {
    await run()
    const before = contents()
    const { code, stderr } = await run()
    expect([code, stderr.trim()]).toEqual([0, '0 computed, 3 done before'])
    expect(contents()).toEqual(before)
  })

  test('computes what has changed, not what has not', async () => {
    await run()
    work.ramp('in/sub/b.wav', { frames: 7000 })
    work.ramp('in/new.wav', { frames: 100 })
    expect((await run()).stderr).toMatch(/^2 computed, 2 done before/)
    expect((await run()).stderr).toMatch(/^0 computed, 4 done before/)
  })

  test('computes a file again that has another time and the same size', async () => {
    await run()
    utimesSync(work.at('in/sub/b.wav'), new Date(), new Date(Date.now() + 5000))
    expect((await run()).stderr).toMatch(/^1 computed, 2 done before/)
  })

  test('computes all with other options, and with --force', async () => {
    await run()
    expect((await run('--hop', '256')).stderr).toMatch(/^3 computed/)
    expect((await run('--hop', '256', '--force')).stderr).toMatch(/^3 computed/)
    expect((await run('--hop', '256')).stderr).toMatch(/^0 computed, 3 done before/)
  })

  test('continues where an interrupted one stopped', async () => {
    const whole = readFileSync(`${fixtures}formats/s16.wav`)
    writeFileSync(work.at('in/a.cut.wav'), whole.subarray(0, 44 + 11_025 * 4))
    const stopped = new AbortController()
    // The first file is cut: the warning comes when it is done, and before the next one begins.
    const stderr = {
      write(_chunk: unknown, done: () => void) {
        stopped.abort(new Error('stopped'))
        setImmediate(done)
      },
    }
    const argv = ['features', work.at('in'), '-o', work.at(out), '--mfcc', '5', '-j', '1', ...flags]
    const { code } = await runCaptured(argv, { signal: stopped.signal, stderr })
    expect(code).toBe(130)
    expect(work.names().filter((name) => name.endsWith('.tmp'))).toEqual([])
    if (flags.length > 0) expect(existsSync(work.at(out))).toBe(false)
    expect((await run()).stderr).toMatch(/^3 computed, 1 done before/)
    expect((await run()).stderr).toMatch(/^0 computed, 4 done before/)
  })

  test('does again what a crash has left half written', async () => {
    await run()
    if (flags.length === 0) {
      truncateSync(work.at('out/sub/b.npy'), 200)
      rmSync(work.at('out/a.ramp.npy'))
    } else {
      // As if the process had died: no directory at the end, and the last entry cut.
      const whole = readFileSync(work.at(out))
      rmSync(work.at(out))
      const journal = readFileSync(work.at(`${out}.jsonl`), 'utf8')
      const lines = journal.trim().split('\n')
      const second = JSON.parse(lines[1] ?? '') as { offset: number }
      writeFileSync(work.at(`${out}.partial`), whole.subarray(0, second.offset + 60))
      writeFileSync(work.at(`${out}.jsonl`), `${journal}{"output":"half a li`)
    }
    expect((await run()).stderr).toMatch(/^2 computed, 1 done before/)
    expect((await run()).stderr).toMatch(/^0 computed, 3 done before/)
  })
})

test('a shard whose content was damaged has that entry made again', async () => {
  const argv = [work.at('in'), '-o', work.at('all.npz'), '--shard', '--mel', '8']
  await features(...argv)
  const before = readFileSync(work.at('all.npz'))
  const damaged = Buffer.from(before)
  // A bit of the first entry's numbers: its header has 30 bytes, its name 10, the .npy's own header 128.
  damaged[30 + 10 + 128 + 5] = (damaged[30 + 10 + 128 + 5] ?? 0) ^ 1
  writeFileSync(work.at('all.npz'), damaged)
  expect((await features(...argv)).stderr).toMatch(/^1 computed, 2 done before/)
  expect((await features(...argv)).stderr).toMatch(/^0 computed, 3 done before/)
})

test('a shard leaves out what is no longer asked for', async ({ skip }) => {
  const out = work.at('all.npz')
  await features(work.at('in'), '-o', out, '--shard', '--mel', '8')
  rmSync(work.at('in/sub/b.wav'))
  await features(work.at('in'), '-o', out, '--shard', '--mel', '8')
  expect(work.names()).toContain('all.npz')
  expect(work.names()).not.toContain('all.npz.partial')
  const printed = numpy(`print(sorted(np.load(sys.argv[1])))`, out)
  if (printed === null) return skip('needs python3 with numpy')
  expect(printed).toBe("['a.ramp', 'sub/c']")
})

describe('mistakes', () => {
  test.each([
    [['in', '-o', 'out'], 'which features? --mfcc 13, --mel 80 or --log-mel'],
    [['in', '--mfcc', '13'], '-o OUT says where the features go'],
    [['-o', 'out', '--mfcc', '13'], 'no FILE or folder given'],
    [['in', '-o', 'out', '--mfcc', '13', '--log-mel'], 'are two kinds of features'],
    [['in', '-o', 'out', '--mfcc', 'x'], '--mfcc must be a whole number above 0, not "x"'],
    [['in', '-o', 'out', '--mel', '8', '--f-max', 'x'], '--f-max must be a frequency, not "x"'],
    [['in', '-o', 'out', '--mel', '8', '--quality', 'x'], '--quality must be best or fast'],
    [['in', '-o', 'out', '--mel', '8', '--shard'], 'a shard is a .npz file, not'],
    [['nowhere', '-o', 'out', '--mel', '8'], 'there is no file or folder'],
    [['in/*.mp3', '-o', 'out', '--mel', '8'], 'names no audio file'],
    [['in', '-o', 'out', '--mfcc', '200'], 'nMfcc'],
    [['https://host/a.mp3', '-o', 'out', '--mel', '8'], 'reads files and folders'],
  ])('%j are told', async (argv, message) => {
    const placed = argv.map((arg) => (/^(in|out|nowhere)/.test(arg) ? work.at(arg) : arg))
    const { code, stderr } = await features(...placed)
    expect(stderr).toContain(message)
    expect(code).toBe(2)
  })

  test('two folders whose files would get one name are refused', async () => {
    mkdirSync(work.at('other/sub'), { recursive: true })
    copyFileSync(work.at('in/sub/b.wav'), work.at('other/sub/b.wav'))
    const argv = [work.at('in'), work.at('other'), '-o', work.at('out'), '--mel', '8']
    const { code, stderr } = await features(...argv)
    expect(stderr).toContain('would both become')
    expect(code).toBe(2)
  })
})
