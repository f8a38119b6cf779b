// node pack-packages.mjs FOLDER: packs every published package and, for each addon that has been built, its platform package, as they
// would be published. Prints a JSON object: name of the package → tarball.
import { mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'

import { publicPackages } from '../checks/public-packages.mjs'
import { usePinnedPnpm } from '../setup/pnpm.mjs'
import { runCommand } from '../setup/run-command.mjs'
import { platformPackages } from './platform-packages.mjs'

const destination = resolve(process.argv[2] ?? 'packed')

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
await usePinnedPnpm()
rmSync(destination, { recursive: true, force: true })
mkdirSync(destination, { recursive: true })
for (const { folder, manifest } of publicPackages()) {
  tarballs[manifest.name] = await pack('pnpm', folder)
  if (!manifest.napi) continue
  const npmFolder = join(folder, 'npm')
  try {
    const { ready } = await platformPackages({ folder, manifest }, npmFolder)
    for (const platformFolder of ready) {
      const { name } = JSON.parse(readFileSync(join(platformFolder, 'package.json'), 'utf8'))
      tarballs[name] = await pack('npm', platformFolder)
    }
  } finally {
    rmSync(npmFolder, { recursive: true, force: true })
  }
}
console.log(JSON.stringify(tarballs, null, 2))
