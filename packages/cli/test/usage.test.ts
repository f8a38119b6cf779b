import { mkdirSync, writeFileSync } from 'node:fs'

import { describe, expect, test } from 'vitest'

import { rampFile } from './ramp-backend.js'
import { runCaptured } from './run-captured.js'
import { useWorkFolder } from './work-folder.js'

const work = useWorkFolder()

describe('a mistake in the arguments is 2 and says what was meant', () => {
  test.each([
    [['decod', 'a.mp3'], 'unknown command "decod" (did you mean decode?)'],
    [
      ['frobnicate'],
      'unknown command "frobnicate"; the commands are decode, info, transcribe, features, plot, backends',
    ],
    [['--jsn'], 'unknown option --jsn; a command comes first'],
    [['info', '--jsno', 'a.mp3'], 'unknown option --jsno (did you mean --json?)'],
    [['decode', 'a.mp3', '--sample-rate', '8000', '-o', 'a.wav'], 'unknown option --sample-rate'],
    [['decode', 'a.mp3', '-x'], 'unknown option -x'],
    [['decode', 'a.mp3', '-o'], '-o needs a value'],
    [['decode', 'a.mp3', '--mono=yes', '-o', 'a.wav'], '--mono takes no value'],
    [['decode', '-o', 'a.wav'], 'no FILE given'],
    [['info'], 'no FILE given'],
    [['info', '-', '-'], '- can be read only once'],
    [['decode', 'a.mp3'], 'say where the samples go'],
    [['decode', 'a.mp3', '-o', 'a.flac'], 'cannot tell the format of a.flac'],
    [['decode', 'a.mp3', '-o', 'a.wav', '--format', 'mp3'], '--format must be wav, npy, f32'],
    [['decode', 'a.mp3', '-o', 'a.wav', '--bits', '12'], '--bits must be 16, 24 or 32'],
    [['decode', 'a.mp3', '-o', 'a.npy', '--bits', '24'], '--bits is for .wav'],
    [['decode', 'a.mp3', '-o', 'a.wav', '--rate', '44.1k'], '--rate must be a whole number'],
    [['decode', 'a.mp3', '-o', 'a.wav', '--offset', 'soon'], '--offset must be seconds'],
    [['decode', 'a.mp3', '-o', 'a.wav', '--duration', '-3'], '--duration must not be negative'],
    [['decode', 'a.mp3', '-o', 'a.wav', '--limit-input', '0'], '--limit-input must be a size'],
    [['decode', 'a.mp3', 'b.mp3', '-o', 'nowhere'], 'nowhere is not a folder'],
    [['decode', 'a.mp3', 'b.mp3', '-o', '-'], 'standard output takes one FILE'],
    [['backends', 'a.mp3'], 'backends takes no FILE'],
  ])('%j', async (argv, message) => {
    const { code, stdout, stderr } = await runCaptured(argv)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(`audiodecode: ${message}`)
    expect(stderr.trimEnd()).not.toContain('\n')
  })
})

test('without arguments the help is printed and the exit code is 2', async () => {
  const { code, stderr } = await runCaptured([])
  expect(code).toBe(2)
  for (const name of ['decode', 'info', 'transcribe', 'features', 'plot', 'backends'])
    expect(stderr).toContain(name)
})

test.each([
  [['--help']],
  [['help']],
  [['decode', '--help']],
  [['help', 'info']],
  [['backends', '-h']],
])('%j prints help without colours', async (argv) => {
  const { code, stdout, stderr } = await runCaptured(argv)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toContain('USAGE')
  expect(stdout).not.toContain('\u001b')
})

test.each([[['--version']], [['info', '--version']]])(
  '%j prints the version alone',
  async (argv) => {
    expect((await runCaptured(argv)).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  },
)

describe('a bad file is 1, one line, no stack trace', () => {
  test.each([
    ['missing.mp3', () => {}],
    ['folder.mp3', () => mkdirSync(work.at('folder.mp3'))],
    ['text.mp3', () => writeFileSync(work.at('text.mp3'), 'Dear diary, this is no music.')],
    ['empty.mp3', () => writeFileSync(work.at('empty.mp3'), '')],
  ])('%s', async (name, make) => {
    make()
    for (const argv of [
      ['info', work.at(name)],
      ['decode', work.at(name), '-o', work.at('a.wav')],
    ]) {
      const { code, stdout, stderr } = await runCaptured(argv)
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
      const start = `audiodecode: ${work.at(name)}: `
      expect(stderr.slice(0, start.length)).toBe(start)
      expect(stderr.slice(start.length)).toMatch(/^.{10}/)
      expect(stderr).not.toMatch(/\n\s+at |Error:/)
    }
    expect(work.names().filter((file) => file !== name)).toEqual([])
  })

  test('AUDIODECODE_DEBUG=1 adds the stack', async () => {
    const env = { AUDIODECODE_DEBUG: '1' }
    const { stderr } = await runCaptured(['info', work.at('missing.mp3')], { env })
    expect(stderr).toMatch(/\n\s+at /)
  })

  test('limits are kept', async () => {
    const file = work.ramp('a.ramp', { channels: 3 })
    for (const limit of [
      ['--limit-channels', '2'],
      ['--limit-duration', '0.5'],
      ['--limit-input', '10'],
    ]) {
      const { code } = await runCaptured(['decode', file, ...limit, '-o', work.at('a.wav')])
      expect(code).toBe(1)
    }
    expect(work.names()).toEqual(['a.ramp'])
  })
})

describe('info', () => {
  test('prints aligned columns, one line for each file', async () => {
    const files = [
      work.ramp('a.ramp'),
      work.ramp('long-name.ramp', { channels: 1, frames: 1_600_000 }),
    ]
    const { code, stdout } = await runCaptured(['info', ...files])
    expect(code).toBe(0)
    const lines = stdout.trimEnd().split('\n')
    expect(lines).toHaveLength(3)
    expect(lines[1]).toMatch(/ramp +json +8000 Hz +stereo +1\.000 s +16 bit +256 kbit\/s +ramp$/)
    expect(lines[2]).toMatch(/ramp +json +8000 Hz +mono +3:20\.000 +16 bit +128 kbit\/s +ramp$/)
    const column = lines[0]?.indexOf('CODEC') ?? 0
    expect(lines.slice(1).map((line) => line.slice(column, column + 4))).toEqual(['json', 'json'])
  })

  test('--json is an array with the file and everything that is known', async () => {
    const file = work.ramp('a.ramp')
    const { stdout } = await runCaptured(['info', '--json', file])
    const [item] = JSON.parse(stdout) as unknown[]
    expect(item).toMatchObject({ file, frames: 8000, sampleRate: 8000, tags: { title: 'Ramp' } })
  })

  test('tells of the good files when one is bad, and is 1', async () => {
    const argv = ['info', '--json', work.at('missing.wav'), work.ramp('a.ramp')]
    const { code, stdout, stderr } = await runCaptured(argv)
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toHaveLength(1)
    expect(stderr).toContain('missing.wav')
  })

  test('reads standard input', async () => {
    const input = Buffer.from(rampFile({ rate: 8000, channels: 1, frames: 50 }))
    const { stdout } = await runCaptured(['info', '-', '--json'], { input })
    expect(JSON.parse(stdout)).toMatchObject([{ file: 'stdin', frames: 50 }])
  })

  test('--wave draws', async () => {
    const { stdout } = await runCaptured(['info', '--wave', work.ramp('a.ramp')])
    expect(stdout).toMatch(/█/)
    expect(stdout).toMatch(/0\.\d+ s/)
  })
})

describe('backends', () => {
  test('lists what is registered with version and state', async () => {
    const { code, stdout } = await runCaptured(['backends'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^ramp +backend +standard +ready +1\.2\.3$/m)
  })

  test('--json says what to install for what is missing', async () => {
    const { stdout } = await runCaptured(['backends', '--json'])
    const rows = JSON.parse(stdout) as { name: string; available: boolean; hint: string }[]
    expect(rows.find(({ name }) => name === 'ramp')).toMatchObject({ available: true })
    for (const row of rows.filter(({ available }) => !available)) expect(row.hint).not.toBe('')
  })
})

test('colours appear on a terminal only, and never with NO_COLOR', async () => {
  const terminal = (chunks: string[]) => ({
    isTTY: true,
    write: (chunk: string | Uint8Array, done: () => void) => {
      chunks.push(String(chunk))
      setImmediate(done)
    },
  })
  const [colour, plain]: string[][] = [[], []]
  const argv = ['info', work.ramp('a.ramp')]
  await runCaptured(argv, { stdout: terminal(colour as string[]), env: { TERM: 'xterm' } })
  await runCaptured(argv, {
    stdout: terminal(plain as string[]),
    env: { TERM: 'xterm', NO_COLOR: '1' },
  })
  expect(colour?.join('')).toContain('\u001b[1m')
  expect(plain?.join('')).not.toContain('\u001b')
})
