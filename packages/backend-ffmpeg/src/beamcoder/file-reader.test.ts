import { defaultLimits } from '@audiodecode/core'
import { expect, test } from 'vitest'

import type { BeamcoderProcess, Outcome } from './beamcoder-process.js'
import { FileReader } from './file-reader.js'
import type { ChildRequest, End, Message } from './messages.js'
import { ProcessPool } from './process-pool.js'

const END: End = {
  kind: 'end',
  frames: 7,
  expected: null,
  truncated: false,
  damaged: [],
  gapless: { source: 'none', start: 0, end: 0 },
  memory: 0,
}

/** How an attempt ends, after what it said. */
interface Attempt {
  readonly said?: readonly Message[]
  readonly outcome: Outcome
  readonly sawErrors?: boolean
}

const crash: Outcome = { kind: 'died', by: 'SIGSEGV' }
const at = (step: 'open' | 'read' | 'decode' | null, packet: number): Message => ({
  kind: 'at',
  step,
  packet,
})

/** Reads a file whose attempts end so; gives how it went and what was asked. */
async function read(attempts: readonly Attempt[]): Promise<{
  result: unknown
  asked: readonly (readonly [boolean, readonly number[], number | null])[]
}> {
  const left = [...attempts]
  const asked: [boolean, readonly number[], number | null][] = []
  const pool = new ProcessPool(() => {
    const fake = {
      isAlive: false,
      memory: 0,
      sawErrors: left[0]?.sawErrors ?? false,
      ready: Promise.resolve('5.1'),
      kill() {},
      async run({ careful, skip, stopAt }: ChildRequest, take: (message: Message) => void) {
        asked.push([careful, skip, stopAt])
        const { said = [], outcome } = left.shift()!
        for (const message of said) take(message)
        return outcome
      },
    }
    return fake as unknown as BeamcoderProcess
  })
  const reader = new FileReader(pool, '/file', 'the file', undefined)
  const wanted = { kind: 'decode', start: 0, end: null, limits: defaultLimits } as const
  const result = await reader
    .read(wanted, () => () => {}, undefined)
    .catch((error: unknown) => error)
  return { result, asked }
}

test('a file that is read gives what its end tells', async () => {
  expect(await read([{ outcome: END }])).toEqual({ result: END, asked: [[false, [], null]] })
})

test('a packet that ends the process is left out of the next attempt', async () => {
  const { result, asked } = await read([
    { said: [at('open', 0), at('decode', 3)], outcome: crash },
    { said: [at('decode', 9)], outcome: { kind: 'died', by: null } },
    { outcome: END },
  ])
  expect(result).toBe(END)
  expect(asked).toEqual([
    [false, [], null],
    [false, [3], null],
    [false, [3, 9], null],
  ])
})

test('where the packet is not known, a careful attempt finds it', async () => {
  const { result, asked } = await read([
    { said: [at('decode', 3), at(null, 0)], outcome: crash },
    { said: [at('decode', 99)], outcome: crash },
    { outcome: END },
  ])
  expect(result).toBe(END)
  expect(asked).toEqual([
    [false, [], null],
    [true, [], null],
    [true, [99], null],
  ])
})

test('where the file cannot be read any further, it is read up to there', async () => {
  const refused: Outcome = {
    kind: 'refused',
    code: 'ERR_CORRUPT',
    message: '',
    step: 'read',
    packet: 40,
  }
  const { result, asked } = await read([{ outcome: refused }, { outcome: END }])
  expect(result).toBe(END)
  expect(asked[1]).toEqual([false, [], 40])
})

test('when the end itself crashes, what was decoded before is what there is', async () => {
  const { result, asked } = await read([
    { said: [at('decode', 5)], outcome: crash },
    { said: [at('decode', 5)], outcome: crash },
    { outcome: END },
  ])
  expect(result).toBe(END)
  expect(asked[2]).toEqual([false, [5], 5])
})

test('a crash after errors in other files says nothing about this one', async () => {
  const { result, asked } = await read([
    { said: [at('decode', 3)], outcome: crash, sawErrors: true },
    { outcome: END },
  ])
  expect(result).toBe(END)
  expect(asked[1]).toEqual([false, [], null])
})

test('what cannot be opened is unsupported, whether the process crashes or not', async () => {
  for (const outcome of [
    crash,
    { kind: 'refused', code: 'X', message: '', step: 'open', packet: 0 },
  ] as const) {
    const { result } = await read([{ said: [at('open', 0)], outcome }])
    expect(result).toMatchObject({ code: 'ERR_UNSUPPORTED_FORMAT', backend: 'beamcoder' })
  }
})

test('a file that ends process after process is given up', async () => {
  const attempts = Array.from({ length: 20 }, (_, packet) => ({
    said: [at('decode', packet)],
    outcome: crash,
  }))
  const { result, asked } = await read(attempts)
  expect(result).toMatchObject({ code: 'ERR_CORRUPT' })
  expect(asked).toHaveLength(9)
})

test('a process that is killed from outside is no damage', async () => {
  const killed: Outcome = { kind: 'died', by: 'SIGKILL' }
  const { result } = await read([{ said: [at('decode', 3)], outcome: killed }])
  expect(result).toMatchObject({
    code: 'ERR_IO',
    message: expect.stringContaining('SIGKILL') as string,
  })
})

test('a refusal is passed on with its code', async () => {
  const refused: Outcome = { kind: 'refused', code: 'ERR_NOT_FOUND', message: 'it is gone' }
  const { result } = await read([{ outcome: refused }])
  expect(result).toMatchObject({ code: 'ERR_NOT_FOUND', message: 'the file: it is gone' })
})
