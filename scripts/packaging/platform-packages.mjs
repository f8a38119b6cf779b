import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'

import { root } from '../setup/root.mjs'
import { runCommand } from '../setup/run-command.mjs'

/** All files below a folder, without those of dependencies. */
function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isFile()) return [path]
    return entry.isDirectory() && entry.name !== 'node_modules' && entry.name !== 'npm'
      ? filesBelow(path)
      : []
  })
}

/** The licences of the code inside the addon must be beside it. */
function addLicenses(packageFolder, platformFolder) {
  const path = join(platformFolder, 'package.json')
  const manifest = JSON.parse(readFileSync(path, 'utf8'))
  for (const [name, source] of [
    ['LICENSE', join(root, 'LICENSE')],
    ['THIRD_PARTY_LICENSES', join(packageFolder, 'THIRD_PARTY_LICENSES')],
  ]) {
    copyFileSync(source, join(platformFolder, name))
    manifest.files.push(name)
  }
  writeFileSync(path, `${JSON.stringify(manifest, null, 2)}\n`)
}

/**
 * Makes the packages that carry a built addon, one for each platform.
 *
 * @param {{ folder: string, manifest: Record<string, any> }} owner The package that loads the addon.
 * @param {string} npmFolder Where the packages go, inside the workspace (napi writes nowhere else).
 * @returns {Promise<{ ready: readonly string[], missing: readonly string[] }>} Folders of the packages that have an addon, and
 *   names of the platforms that have none.
 */
export async function platformPackages({ folder, manifest }, npmFolder) {
  mkdirSync(npmFolder, { recursive: true })
  const create = ['exec', 'napi', 'create-npm-dirs', '--npm-dir', npmFolder]
  const { code, output } = await runCommand('pnpm', create, { cwd: folder, capture: true })
  if (code !== 0) throw new Error(`napi create-npm-dirs failed:\n${output}`)
  const built = filesBelow(folder)
  const ready = []
  const missing = []
  for (const platform of readdirSync(npmFolder)) {
    const platformFolder = join(npmFolder, platform)
    const fileName = `${manifest.napi.binaryName}.${platform}.node`
    const addon = built.find((path) => path.endsWith(fileName))
    if (addon === undefined || !existsSync(join(platformFolder, 'package.json'))) {
      missing.push(platform)
      continue
    }
    copyFileSync(addon, join(platformFolder, fileName))
    addLicenses(folder, platformFolder)
    ready.push(platformFolder)
  }
  return { ready, missing }
}
