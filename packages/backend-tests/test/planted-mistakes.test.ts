import type { AudioBackend } from '@audiodecode/core'
import { expect, test } from 'vitest'

import { ConformanceFailure, checks, conformanceCases } from '../src/index.js'
import type { SampleFormat } from '../src/index.js'
import { within } from '../src/support/outcome.js'
import { callMistakes } from './mistakes/calls.js'
import { fileMistakes } from './mistakes/files.js'
import { changed, reading } from './mistakes/mistake.js'
import { rangeMistakes } from './mistakes/ranges.js'
import { sampleMistakes } from './mistakes/samples.js'
import { oracleBackend } from './oracle-backend.js'

const mistakes = { ...sampleMistakes, ...rangeMistakes, ...callMistakes, ...fileMistakes }

test.each(Object.entries(mistakes))(
  'the suite tells %s',
  async (_, mistake) => {
    const { backend, format, file, check, message } = mistake
    const cases = conformanceCases(backend(), { formats: [format] })
    const mine = cases.filter((one) => one.check.name === check && one.sample.name === file)
    expect(mine).toHaveLength(1)
    const error: unknown = await mine[0]?.run().catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(Error)
    expect((error as Error).message).toMatch(message)
  },
  60_000,
)

test('every check tells at least one mistake', () => {
  const told = new Set(Object.values(mistakes).map(({ check }) => check))
  expect(checks.filter(({ name }) => !told.has(name))).toEqual([])
})

test('an exception that is not needed is told, one that is needed passes', async () => {
  const exceptions = [{ check: 'samples', files: ['s16.wav'], reason: 'it is hard' }] as const
  const run = async (backend: AudioBackend): Promise<void> => {
    const cases = conformanceCases(backend, { formats: ['wav'], exceptions })
    const mine = cases.find(({ exception }) => exception !== null)
    await mine?.run()
  }
  await expect(run(oracleBackend())).rejects.toThrow(ConformanceFailure)
  await expect(run(oracleBackend())).rejects.toThrow('it passes: the exception is no longer needed')
  await expect(run(reading(changed(({ data }) => data.fill(0))))).resolves.toBeUndefined()
})

test('a format without sample files is refused', () => {
  const formats = ['flac', 'wax-cylinder'] as unknown as SampleFormat[]
  expect(() => conformanceCases(oracleBackend(), { formats })).toThrow(
    'no sample files of wax-cylinder',
  )
})

test('what never ends is told', async () => {
  const never = new Promise<never>(() => {})
  await expect(within(20, 'a decode', never)).rejects.toThrow('a decode takes longer than 20 ms')
})
