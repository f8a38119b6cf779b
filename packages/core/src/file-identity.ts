import { stat } from 'node:fs/promises'

/** A regular file as it is now. */
export interface FileIdentity {
  /** Device, inode, size, and the times of the last change of content and of inode, in nanoseconds. */
  readonly name: string
  /** Size in bytes. */
  readonly size: number
  /** Whether a change that follows would be seen: not when the last one is so recent that the next may get the same time. */
  readonly settled: boolean
}

/** What tells this file, with this content, from any other; null when there is no such regular file. */
export async function fileIdentity(path: string): Promise<FileIdentity | null> {
  try {
    const found = await stat(path, { bigint: true })
    if (!found.isFile()) return null
    const { dev, ino, size, mtimeNs, ctimeNs } = found
    const now = BigInt(Date.now()) * 1_000_000n
    return {
      // The second time cannot be set: it betrays a file that was overwritten and given its old time.
      name: `file:${dev}:${ino}:${size}:${mtimeNs}:${ctimeNs}`,
      size: Number(size),
      settled: isPast(ctimeNs, now) && (isPast(mtimeNs, now) || mtimeNs > now + COARSE_NS),
    }
  } catch {
    return null
  }
}

/** File systems take their times from a clock that ticks every 4 to 10 ms. */
const TICK_NS = 20_000_000n

/** FAT counts in steps of 2 s, HFS+ and some network file systems in seconds. */
const COARSE_NS = 2_100_000_000n

function isPast(time: bigint, now: bigint): boolean {
  return now - time > (time % 1_000_000_000n === 0n ? COARSE_NS : TICK_NS)
}
