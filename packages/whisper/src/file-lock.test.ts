import { spawnSync } from 'node:child_process'
import { existsSync, rmSync, utimesSync } from 'node:fs'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'

import { temporaryFolder } from '@audiodecode/test-support'
import { expect, test } from 'vitest'

import { withFileLock } from './file-lock.js'

const write = temporaryFolder()

let locks = 0
/** A lock that nobody has, or that holds what is given. */
const freshPath = (content?: string): string => {
  const path = write(`lock${locks++}`, content ?? '')
  if (content === undefined) rmSync(path)
  return path
}
const lockOf = (pid: number, host = hostname()): string => JSON.stringify({ host, pid, id: 'x' })
const soon = (): AbortSignal => AbortSignal.timeout(400)

test('actions under one lock run one after the other, and the lock is gone in the end', async () => {
  const path = freshPath()
  let running = 0
  let most = 0
  const action = async (): Promise<void> => {
    running += 1
    most = Math.max(most, running)
    await sleep(20)
    running -= 1
  }
  await Promise.all(Array.from({ length: 4 }, async () => withFileLock(path, action)))
  expect(most).toBe(1)
  expect(existsSync(path)).toBe(false)
})

test('a failed action frees the lock and passes its error on', async () => {
  const path = freshPath()
  const failing = withFileLock(path, async () => Promise.reject(new Error('broken')))
  await expect(failing).rejects.toThrow('broken')
  expect(await withFileLock(path, async () => 'done')).toBe('done')
})

test('the lock of a process that has ended is taken over', async () => {
  const { pid } = spawnSync(process.execPath, ['-e', ''])
  const path = freshPath(lockOf(pid))
  expect(await withFileLock(path, async () => 'done', soon())).toBe('done')
})

test('the lock of a running process is waited for, until the signal', async () => {
  const path = freshPath(lockOf(process.pid))
  await expect(withFileLock(path, async () => 'done', soon())).rejects.toThrow(/abort/iu)
})

test('a lock of another machine counts while it shows that it is alive', async () => {
  const path = freshPath(lockOf(1, 'elsewhere'))
  await expect(withFileLock(path, async () => 'done', soon())).rejects.toThrow(/abort/iu)
  const old = new Date(Date.now() - 120_000)
  utimesSync(path, old, old)
  expect(await withFileLock(path, async () => 'done', soon())).toBe('done')
})
