// node pack-packages.mjs FOLDER [--addons FOLDER]: packs every published package and, for each addon that has been built, its
// platform package, as they would be published. Prints a JSON object: name of the package → tarball.
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'

import { publicPackages } from '../checks/public-packages.mjs'
import { runCommand } from '../setup/run-command.mjs'
import { platformPackages } from './platform-packages.mjs'

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { addons: { type: 'string' } },
})
const destination = resolve(positionals[0] ?? 'packed')
const scratch = mkdtempSync(join(tmpdir(), 'audiodecode-pack-'))

async function pack(tool, folder) {
  const before = new Set(readdirSync(destination))
  const { code, output } = await runCommand(tool, ['pack', '--pack-destination', destination], {
    cwd: folder,
    capture: true,
  })
  const tarball = readdirSync(destination).find((name) => !before.has(name))
  if (code !== 0 || tarball === undefined)
    throw new Error(`${tool} pack failed in ${folder}:\n${output}`)
  return join(destination, tarball)
}

/** @type {Record<string, string>} */
const tarballs = {}
try {
  rmSync(destination, { recursive: true, force: true })
  mkdirSync(destination, { recursive: true })
  for (const { folder, manifest } of publicPackages()) {
    tarballs[manifest.name] = await pack('pnpm', folder)
    if (!manifest.napi) continue
    const npmFolder = join(scratch, manifest.napi.binaryName)
    const addons = values.addons === undefined ? {} : { addons: resolve(values.addons) }
    const { ready } = await platformPackages({ folder, manifest }, { npmFolder, ...addons })
    for (const platformFolder of ready) {
      const { name } = JSON.parse(readFileSync(join(platformFolder, 'package.json'), 'utf8'))
      tarballs[name] = await pack('npm', platformFolder)
    }
  }
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
console.log(JSON.stringify(tarballs, null, 2))
