import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { temporaryFolder } from '@audiodecode/test-support'
import { expect, test } from 'vitest'

const WARM_UP = 8_000
const OPENS = 10_000
const folder = new URL('../../../fixtures/formats/', import.meta.url)
const temporaryFile = temporaryFolder()

interface Measured {
  /** MiB after each thousand opens. */
  readonly residentMiB: readonly number[]
  readonly peakMiB: number
  readonly refused: number
  readonly filesLeft: number
  readonly droppedMiB: readonly number[]
}

/** Every format once more with a few wrong bytes, at the same places in every run, some of them cut off. */
function breakAll(): string {
  const manifest = JSON.parse(readFileSync(new URL('manifest.json', folder), 'utf8')) as readonly {
    readonly file: string
  }[]
  const paths = manifest.map(({ file }, index) => {
    const bytes = new Uint8Array(readFileSync(new URL(file, folder)))
    for (let at = 40 + index; at < bytes.length; at += 1_999 + index) bytes[at]! ^= 0xff
    return temporaryFile(file, index % 3 === 0 ? bytes.subarray(0, bytes.length / 2) : bytes)
  })
  return dirname(paths[0]!)
}

test(
  `memory is flat over ${OPENS} opens of good and broken files, and nobody has to call close`,
  { timeout: 120_000 },
  async () => {
    const child = fileURLToPath(new URL('ten-thousand-opens.mjs', import.meta.url))
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--expose-gc', child, fileURLToPath(folder), breakAll(), String(WARM_UP + OPENS)],
      // Every thread of a busy machine would settle with an arena of its own, later than any warm-up.
      { timeout: 110_000, env: { ...process.env, MALLOC_ARENA_MAX: '1' } },
    )
    const measured = JSON.parse(stdout) as Measured
    const settled = measured.residentMiB.slice(WARM_UP / 1_000)
    const half = Math.ceil(settled.length / 2)
    // The lowest of each half: what is not collected yet, more on a busy machine, is no leak.
    const grown = Math.min(...settled.slice(half)) - Math.min(...settled.slice(0, half))
    // A thousand bytes kept by each open would be 5 MiB between the beginnings of both halves.
    expect(grown, JSON.stringify(measured)).toBeLessThan(4)
    // Eight small files at once, a Node and its heap.
    expect(measured.peakMiB).toBeLessThan(300)
    expect(measured.refused).toBeGreaterThan(1_000)
    // 900 decoders that nobody closed hold neither files nor memory once they are collected.
    expect(measured.filesLeft).toBe(0)
    expect(measured.droppedMiB.at(-1)! - measured.droppedMiB[0]!).toBeLessThan(2)
  },
)
