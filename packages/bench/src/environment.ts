import { readFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'

/** The machine and settings a number depends on; part of every report. */
export interface Environment {
  readonly cpu: string
  readonly cores: number
  readonly governor: string
  readonly transparentHugePages: string
  readonly node: string
  readonly platform: string
}

function readSetting(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return 'unknown'
  }
}

/** Reads the settings of this machine; what it does not tell is 'unknown'. */
export function environment(): Environment {
  const pages = readSetting('/sys/kernel/mm/transparent_hugepage/enabled')
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    governor: readSetting('/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor'),
    transparentHugePages: /\[(\w+)\]/.exec(pages)?.[1] ?? pages,
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
  }
}
