import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, expect, test } from 'vitest'

import { findBeamcoder } from './find-beamcoder.js'

const folder = mkdtempSync(join(tmpdir(), 'audiodecode-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A folder that looks like beamcoder, compiled or not. */
function fake(name: string, version: string, compiled: boolean): string {
  const path = join(folder, name)
  mkdirSync(join(path, 'build/Release'), { recursive: true })
  writeFileSync(join(path, 'package.json'), JSON.stringify({ name: 'beamcoder', version }))
  if (compiled) writeFileSync(join(path, 'build/Release/beamcoder.node'), 'no addon')
  return path
}

const named = (path: string): ReturnType<typeof findBeamcoder> =>
  findBeamcoder({ AUDIODECODE_BEAMCODER: path })

test('the folder that the variable names is taken when it has the addon', () => {
  const path = fake('compiled', '0.7.1', true)
  expect(named(path)).toEqual({ folder: path })
})

test('what is not there, not compiled or of another version is told', () => {
  expect(named(join(folder, 'nowhere'))).toMatchObject({
    reason: expect.stringContaining('is no beamcoder') as string,
  })
  expect(named(fake('bare', '0.7.1', false))).toMatchObject({
    reason: expect.stringContaining('is not compiled') as string,
  })
  expect(named(fake('old', '0.6.15', true))).toMatchObject({
    reason: expect.stringContaining('0.6.15') as string,
  })
})
