import { mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Where input files and Python environments are kept between runs; made when missing. */
export async function cacheFolder(...parts: readonly string[]): Promise<string> {
  const base = process.env['AUDIODECODE_BENCH_CACHE'] ?? join(tmpdir(), 'audiodecode-bench')
  const folder = join(base, ...parts)
  await mkdir(folder, { recursive: true })
  return folder
}
