import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

import { root } from './root.mjs'

/** Folders of all packages and examples, relative to the repository and sorted. @returns {readonly string[]} */
export function workspaceMembers() {
  return ['packages', 'examples']
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) => readdirSync(join(root, folder)).map((name) => join(folder, name)))
    .filter((folder) => existsSync(join(root, folder, 'package.json')))
    .sort()
}
