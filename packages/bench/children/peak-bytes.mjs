import { readFile } from 'node:fs/promises'

/** Peak memory of this process. On Linux `maxRSS` begins with what the process that started this one had; VmHWM does not. Both are in KiB. */
export async function peakBytes() {
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '')
  const kibibytes = /VmHWM:\s*(\d+) kB/u.exec(status)?.[1]
  return 1024 * Number(kibibytes ?? process.resourceUsage().maxRSS)
}
