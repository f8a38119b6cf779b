import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

import { root } from '../setup/root.mjs'

/**
 * Packages of this workspace that are published.
 *
 * @returns {readonly { folder: string, manifest: Record<string, any> }[]} Sorted by folder; `folder` is absolute.
 */
export function publicPackages() {
  return readdirSync(join(root, 'packages'))
    .sort()
    .map((name) => join(root, 'packages', name))
    .filter((folder) => existsSync(join(folder, 'package.json')))
    .map((folder) => ({
      folder,
      manifest: JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')),
    }))
    .filter(({ manifest }) => manifest.private !== true)
}
