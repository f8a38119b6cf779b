import { readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'

/** Processes that run beamcoder for process `parent`; Linux only. */
export function beamcoderProcesses(parent: number = process.pid): readonly number[] {
  const children = readFileSync(`/proc/${parent}/task/${parent}/children`, 'utf8')
  return children
    .split(' ')
    .filter((id) => id !== '')
    .map(Number)
    .filter((id) => commandOf(id).includes('beamcoder-child'))
}

/** Whether a process is there and no zombie. */
export function isRunning(id: number): boolean {
  return commandOf(id) !== ''
}

/** Time of the processor that a process has had, in milliseconds; Linux counts in hundredths of a second. */
export function usedMs(id: number): number {
  const [, rest = ''] = readFileSync(`/proc/${id}/stat`, 'utf8').split(') ')
  const [user, system] = rest.split(' ').slice(11, 13)
  return 10 * (Number(user) + Number(system))
}

/** Waits until something holds; fails after ten seconds. */
export async function until(holds: () => boolean, what: string): Promise<void> {
  for (let waited = 0; !holds(); waited += 10) {
    if (waited > 10_000) throw new Error(`after ten seconds still not: ${what}`)
    await wait(10)
  }
}

function commandOf(id: number): string {
  try {
    return readFileSync(`/proc/${id}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}
