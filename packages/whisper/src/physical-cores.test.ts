import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { physicalCores } from './physical-cores.js'

function withCpus<T>(siblings: readonly string[], work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'audiodecode-'))
  try {
    mkdirSync(join(folder, 'cpufreq'))
    for (const [index, list] of siblings.entries()) {
      mkdirSync(join(folder, `cpu${index}`, 'topology'), { recursive: true })
      writeFileSync(join(folder, `cpu${index}`, 'topology', 'thread_siblings_list'), `${list}\n`)
    }
    return work(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

test('two threads of one core are one', () => {
  const siblings = ['0,4', '1,5', '2,6', '3,7', '0,4', '1,5', '2,6', '3,7']
  expect(withCpus(siblings, (folder) => physicalCores(folder, 8))).toBe(4)
  expect(withCpus(['0', '1'], (folder) => physicalCores(folder, 2))).toBe(2)
})

test('no more are counted than may be used', () => {
  expect(withCpus(['0', '1', '2', '3'], (folder) => physicalCores(folder, 2))).toBe(2)
})

test('every thread counts where the system does not say', () => {
  expect(physicalCores('/no/such/folder', 6)).toBe(6)
  expect(withCpus([], (folder) => physicalCores(folder, 6))).toBe(6)
})
