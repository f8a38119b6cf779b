import { readdirSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'

const CPUS = '/sys/devices/system/cpu'

/**
 * Cores of this machine that compute by themselves; two threads on one core share its arithmetic units, so that more threads than
 * this gain nothing. Never more than this process may use at a time. Where the system does not say, every thread counts.
 */
export function physicalCores(
  cpus: string = CPUS,
  usable: number = availableParallelism(),
): number {
  try {
    const folders = readdirSync(cpus).filter((name) => /^cpu\d+$/u.test(name))
    const siblings = folders.map((name) =>
      readFileSync(`${cpus}/${name}/topology/thread_siblings_list`, 'utf8').trim(),
    )
    const cores = new Set(siblings).size
    return cores === 0 ? usable : Math.min(cores, usable)
  } catch {
    return usable
  }
}
