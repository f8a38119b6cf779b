import { execFileSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const script = fileURLToPath(
  new URL('../../../scripts/packaging/pack-packages.mjs', import.meta.url),
)

/** Packs all published packages, with the addon that was built on this machine, into a new temporary folder. */
export function packPackages(): { folder: string; tarballs: Readonly<Record<string, string>> } {
  const folder = mkdtempSync(join(tmpdir(), 'audiodecode-packed-'))
  const output = execFileSync(process.execPath, [script, folder], { encoding: 'utf8' })
  return { folder, tarballs: JSON.parse(output) as Record<string, string> }
}
