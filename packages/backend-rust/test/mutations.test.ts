import { readFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'

import { isAudioDecodeError, load } from '@audiodecode/core'
import type { LoadOptions } from '@audiodecode/core'
import { expect, test } from 'vitest'

import '../src/index.js'

/** More of them on demand, for a long hunt. */
const RUNS = Number(process.env['AUDIODECODE_MUTATIONS'] ?? 2_000)
const LONGEST_MS = 5_000

const folder = new URL('../../../fixtures/formats/', import.meta.url)
const manifest = JSON.parse(readFileSync(new URL('manifest.json', folder), 'utf8')) as readonly {
  readonly file: string
  readonly codec: string
}[]
const originals = manifest.map(({ file, codec }) => ({
  file,
  // A float file may hold NaN, and then NaN is what is in it.
  isFloat: codec.includes('_f'),
  bytes: new Uint8Array(readFileSync(new URL(file, folder))),
}))

const options: readonly LoadOptions[] = [
  {},
  { sampleRate: 16_000, mono: true },
  { offset: 0.1, duration: 0.2 },
  { offset: 0.25, sampleRate: 8_000 },
  { onDamage: 'error' },
]

/** Numbers below `limit`, the same in every run (the generator of Numerical Recipes). */
function seeded(seed: number): (limit: number) => number {
  let state = seed
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
}

type Random = (limit: number) => number
type Mutation = (bytes: Uint8Array, random: Random) => Uint8Array

function scatter(bytes: Uint8Array, random: Random, count: number, within: number): Uint8Array {
  for (let index = 0; index < count; index++) bytes[random(within)] = random(256)
  return bytes
}

const mutations: Readonly<Record<string, Mutation>> = {
  truncated: (bytes, random) => bytes.slice(0, random(bytes.length)),
  'with wrong bytes': (bytes, random) => scatter(bytes, random, 1 + random(20), bytes.length),
  'with wrong bytes in its header': (bytes, random) =>
    scatter(bytes, random, 1 + random(8), Math.min(bytes.length, 600)),
  'with a hole': (bytes, random) => {
    const at = random(bytes.length)
    return bytes.fill(0, at, at + random(2_000))
  },
  'with a piece cut out': (bytes, random) => {
    const at = random(bytes.length)
    return Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(at + random(2_000))])
  },
  'with a huge size': (bytes, random) => {
    const at = random(Math.min(bytes.length - 4, 800))
    const sizes = [0xffff_ffff, 0x7fff_ffff, 0x8000_0000, 0xffff_fff0]
    new DataView(bytes.buffer).setUint32(at, sizes[random(sizes.length)]!)
    return bytes
  },
  'followed by another': (bytes, random) => {
    const other = originals[random(originals.length)]!.bytes
    const tail = other.subarray(random(other.length))
    return Uint8Array.from([...bytes.subarray(0, random(bytes.length)), ...tail])
  },
}

test(
  `${RUNS} broken files end in samples or in a typed error, soon, and never in a panic`,
  { timeout: RUNS * 150 },
  async () => {
    const random = seeded(20_26)
    const kinds = Object.keys(mutations)
    const outcomes = new Set<string>()
    for (let run = 0; run < RUNS; run++) {
      const { file, isFloat, bytes } = originals[random(originals.length)]!
      const kind = kinds[random(kinds.length)]!
      const mutated = mutations[kind]!(bytes.slice(), random)
      const chosen = options[random(options.length)]!
      const what = `run ${run}: ${file} ${kind}, ${JSON.stringify(chosen)}`
      const start = performance.now()
      try {
        const audio = await load(mutated, chosen)
        outcomes.add('samples')
        expect(audio.data.length, what).toBe(audio.frames * audio.channels)
        if (!isFloat) expect(audio.data.every(Number.isFinite), what).toBe(true)
      } catch (error) {
        if (!isAudioDecodeError(error)) throw error
        outcomes.add(error.code)
        expect(error.message, what).not.toContain('internal error')
        expect(error.code, what).toMatch(/^ERR_(CORRUPT|UNSUPPORTED_FORMAT|LIMIT_EXCEEDED)$/)
      }
      expect(performance.now() - start, what).toBeLessThan(LONGEST_MS)
    }
    // The mutations do reach all of it.
    expect([...outcomes].sort()).toEqual([
      'ERR_CORRUPT',
      'ERR_LIMIT_EXCEEDED',
      'ERR_UNSUPPORTED_FORMAT',
      'samples',
    ])
  },
)
