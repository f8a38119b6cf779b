import { expect, test } from 'vitest'

import { adviseAddon, currentPlatform } from './advise-addon.js'

const addon = { packageName: '@a/b', platforms: ['linux-x64-gnu', 'darwin-arm64'] }

test('on a supported platform the advice names the package, the lockfile trap and bundlers', () => {
  const message = adviseAddon(addon, new Error('no such file'), 'darwin-arm64')
  expect(message).toContain('on darwin-arm64: no such file. ')
  expect(message).toContain('npm i @a/b')
  expect(message).toContain('--omit=optional')
  expect(message).toContain('external')
})

test('on another platform the advice lists those there are', () => {
  const message = adviseAddon({ ...addon, hint: 'Use X.' }, 'why', 'linux-x64-musl')
  expect(message).toContain('no prebuilt addon for linux-x64-musl')
  expect(message).toContain('linux-x64-gnu, darwin-arm64')
  expect(message).toMatch(/Use X\.$/)
})

test('the reason is the cause that is more than a missing file', () => {
  const missing = Object.assign(new Error('Cannot find module a'), { code: 'MODULE_NOT_FOUND' })
  const broken = new Error('GLIBC_2.99 not found\nRequire stack', { cause: missing })
  const last = Object.assign(new Error('Cannot find module c', { cause: broken }), {
    code: 'MODULE_NOT_FOUND',
  })
  const message = adviseAddon(addon, new Error('Cannot find native binding', { cause: last }))
  expect(message).toContain('GLIBC_2.99 not found')
  expect(message).not.toContain('Require stack')
  expect(adviseAddon(addon, new Error('summary', { cause: missing }))).toContain('module a')
})

test('this platform is named as napi-rs names it', () => {
  expect(currentPlatform()).toMatch(/^(linux-\w+-(gnu|musl)|darwin-\w+|win32-\w+-msvc)$/)
})
