// node release.mjs: publishes everything, with the addons of all platforms, built and tested, in packages/*/binding. The platform packages go first
// (`prepublishOnly` of each package with an addon), so that no version is ever without them. NAPI_DRY_RUN=1 publishes nothing.
import { rmSync } from 'node:fs'
import { join } from 'node:path'

import { publicPackages } from '../checks/public-packages.mjs'
import { fail } from '../setup/fail.mjs'
import { runCommand } from '../setup/run-command.mjs'
import { platformPackages } from './platform-packages.mjs'

const isDryRun = Boolean(process.env.NAPI_DRY_RUN)

// The addons are built already: only TypeScript is left.
const build = ['exec', 'turbo', 'run', 'build', '--only']
for (const { folder, manifest } of publicPackages()) {
  if (!manifest.napi) continue
  const npmFolder = join(folder, 'npm')
  rmSync(npmFolder, { recursive: true, force: true })
  const { missing } = await platformPackages({ folder, manifest }, npmFolder)
  if (missing.length > 0) fail(`${manifest.name}: no addon was built for ${missing.join(', ')}.`)
}
if ((await runCommand('pnpm', build)).code !== 0) fail('The build failed (see above).')
const publish = isDryRun
  ? ['publish', '-r', '--dry-run', '--no-git-checks']
  : ['exec', 'changeset', 'publish', '--no-git-tag']
if ((await runCommand('pnpm', publish)).code !== 0)
  fail('Not everything was published (see above); run this again.')
