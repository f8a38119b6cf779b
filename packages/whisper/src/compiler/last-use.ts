import { stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'

/** A model that is open shows so this often. */
const BEAT_MS = 6 * 60 * 60 * 1000

const open = new Set<string>()

/** When a compiled model was used last, in milliseconds; its manifest's time stands for it. */
export async function lastUse(directory: string): Promise<number> {
  return stat(join(directory, 'model.json')).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  )
}

/** Notes that a compiled model is used, now and until this thread ends. */
export async function noteUse(directory: string): Promise<void> {
  if (open.size === 0) setInterval(() => void noteAll(), BEAT_MS).unref()
  open.add(directory)
  await touch(directory)
}

async function noteAll(): Promise<void> {
  for (const directory of open) await touch(directory)
}

async function touch(directory: string): Promise<void> {
  const now = new Date()
  // A cache that may only be read is nobody's to clean up.
  await utimes(join(directory, 'model.json'), now, now).catch(() => undefined)
}
