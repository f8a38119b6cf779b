import { randomUUID } from 'node:crypto'
import { open, readFile, rm, stat, utimes } from 'node:fs/promises'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'

/** A holder shows this often that it is alive, and is taken for dead after that long without. */
const BEAT_MS = 2_000
const DEAD_AFTER_MS = 60_000
const POLL_MS = 100

interface Holder {
  readonly host: string
  readonly pid: number
  readonly id: string
}

/**
 * Runs `action` while no other thread or process that asks for the same lock file runs its own. A lock whose holder has died is
 * taken over. Two that take it over in the same instant may both run: what they do must be right even then, if twice the work.
 */
export async function withFileLock<T>(
  path: string,
  action: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  while (!(await take(path))) {
    if (await isLeft(path)) await rm(path, { force: true })
    else await sleep(POLL_MS, undefined, signal === undefined ? {} : { signal })
  }
  const beat = setInterval(() => void touch(path), BEAT_MS).unref()
  try {
    return await action()
  } finally {
    clearInterval(beat)
    await rm(path, { force: true })
  }
}

async function take(path: string): Promise<boolean> {
  const holder: Holder = { host: hostname(), pid: process.pid, id: randomUUID() }
  try {
    const file = await open(path, 'wx')
    await file.writeFile(JSON.stringify(holder))
    await file.close()
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

/** Whether the lock's holder is gone. */
async function isLeft(path: string): Promise<boolean> {
  try {
    const { mtimeMs } = await stat(path)
    if (Date.now() - mtimeMs > DEAD_AFTER_MS) return true
    const holder = JSON.parse(await readFile(path, 'utf8')) as Holder
    return holder.host === hostname() && !isRunning(holder.pid)
  } catch {
    // It has just been released, or its holder is still writing it.
    return false
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: there is such a process, of another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

async function touch(path: string): Promise<void> {
  const now = new Date()
  await utimes(path, now, now).catch(() => undefined)
}
