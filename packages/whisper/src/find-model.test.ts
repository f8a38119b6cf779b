import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, expect, test, vi } from 'vitest'

import { findModel } from './find-model.js'

afterEach(() => vi.unstubAllEnvs())

test('a name is looked for in the folder that the environment names, a path is taken as it is', async () => {
  const models = mkdtempSync(join(tmpdir(), 'audiodecode-'))
  try {
    const folder = join(models, 'mine')
    mkdirSync(folder)
    vi.stubEnv('AUDIODECODE_MODELS', models)
    expect(await findModel('mine')).toBe(folder)
    expect(await findModel(folder)).toBe(folder)
  } finally {
    rmSync(models, { recursive: true })
  }
})

test('without one it is the folder that the models of the tests are fetched to, wherever other caches lie', async () => {
  vi.stubEnv('AUDIODECODE_MODELS', '')
  vi.stubEnv('XDG_CACHE_HOME', '/elsewhere')
  const usual = join(homedir(), '.cache', 'audiodecode', 'models', 'no-such-model')
  await expect(findModel('no-such-model')).rejects.toThrow(usual)
})
