import { readFile } from 'node:fs/promises'

import { sampleFiles, wavSamples } from '@audiodecode/backend-tests'
import { beforeAll, describe, expect, test } from 'vitest'

import { backends } from '../src/backends.js'
import { decodeSample, largestDifference } from '../src/decode-sample.js'
import { knownDifferences } from '../src/known-differences.js'
import { matrixPage, toldTrims } from '../src/matrix-page.js'
import type { MatrixRow } from '../src/matrix-page.js'
import { pageCells } from '../src/page-cells.js'

const page = new URL('../../../docs/backend-matrix.md', import.meta.url)
// Of the WAV files that the suite writes, one is enough: their shapes are the business of the conformance tests.
const samples = [...wavSamples().slice(0, 1), ...sampleFiles()]
const hints = new Map<string, string>()
const rows = new Map<string, MatrixRow>()

beforeAll(async () => {
  for (const backend of backends) {
    const status = await backend.status?.()
    if (status?.available === false) hints.set(backend.name, status.hint ?? 'it cannot work here')
  }
  const available = backends.filter(({ name }) => !hints.has(name))
  for (const sample of samples) {
    const results = await Promise.all(
      available.map(async (backend) => {
        return [backend.name, await decodeSample(backend, sample)] as const
      }),
    )
    rows.set(sample.name, { sample, results: new Map(results) })
  }
}, 120_000)

const decodedBy = (name: string) =>
  [...(rows.get(name)?.results.values() ?? [])].filter((result) => result !== null)

describe.each(samples.map((sample) => [sample.name, sample] as const))('%s', (name, sample) => {
  test('has one shape, whoever decodes it', () => {
    const { frames, channels, sampleRate } = sample
    const found = decodedBy(name).map((result) => ({
      [result.backend]: {
        frames: result.frames,
        channels: result.channels,
        sampleRate: result.sampleRate,
      },
    }))
    expect(found).toEqual(
      decodedBy(name).map(({ backend }) => ({ [backend]: { frames, channels, sampleRate } })),
    )
  })

  test('has the samples of the reference, and of every other backend', () => {
    const results = decodedBy(name)
    const reference = { backend: 'the reference', data: sample.reference() }
    const tooFar = results.flatMap(({ backend, data }) =>
      [reference, ...results]
        .map((other) => ({ of: [backend, other.backend], by: largestDifference(data, other.data) }))
        .filter(({ by }) => !(by <= sample.bound)),
    )
    expect(tooFar).toEqual([])
  })

  test('has the same frames cut, whoever tells', () => {
    const trims = toldTrims(sample, decodedBy(name))
    expect(trims).toEqual(trims.map(() => trims[0]))
  })
})

describe.each(backends.map(({ name }) => name))('backend %s', (name) => {
  test('works here', ({ skip }) => {
    const hint = hints.get(name)
    if (hint !== undefined) skip(hint)
    expect(
      samples.filter((sample) => decodedBy(sample.name).some(({ backend }) => backend === name))
        .length,
    ).toBeGreaterThan(0)
  })
})

test.for(knownDifferences)('$backend still differs: $reason', (difference, { skip }) => {
  const { backend, formats } = difference
  const hint = hints.get(backend)
  if (hint !== undefined) skip(hint)
  const files = samples.filter(({ format }) => formats.includes(format))
  const differing = files.filter((sample) => {
    const mine = decodedBy(sample.name).find((result) => result.backend === backend)
    const [told] = toldTrims(sample, decodedBy(sample.name))
    return told?.endFrames !== mine?.gapless.endFrames
  })
  expect(differing).not.toEqual([])
})

// The column of a backend that does not work here is not looked at; that it works is a test of its own.
test('docs/backend-matrix.md says what the backends do', async () => {
  const names = backends.map(({ name }) => name)
  const before = pageCells(await readFile(page, 'utf8'))
  const now = matrixPage(names, [...rows.values()], before)
  await expect(now).toMatchFileSnapshot('../../../docs/backend-matrix.md')
})
