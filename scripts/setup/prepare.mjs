import { checkCargo } from './check-cargo.mjs'
import { checkNode } from './check-node.mjs'
import { installDependencies } from './install-dependencies.mjs'
import { usePinnedPnpm } from './pnpm.mjs'
import { installSystemPackages } from './system-packages.mjs'

/**
 * Brings a machine that has Node and cargo to the point where everything can be built. Quick when nothing is missing.
 *
 * @returns {Promise<{ missing: readonly string[] }>} What the native build lacks and could not be installed, in words.
 */
export async function prepare() {
  process.env.TURBO_TELEMETRY_DISABLED = '1'
  process.env.DO_NOT_TRACK = '1'
  checkNode()
  await checkCargo()
  const missing = await installSystemPackages()
  await usePinnedPnpm()
  await installDependencies()
  return { missing }
}
