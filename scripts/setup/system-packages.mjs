import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

import { runCommand } from './run-command.mjs'

/** What the native build needs besides cargo, and the Debian package that has it. */
const NEEDED = [
  { programs: ['cc'], debianPackage: 'build-essential', what: 'a C compiler and linker' },
  { programs: ['cmake'], debianPackage: 'cmake', what: 'cmake, which builds the bundled libopus' },
]

const isInstalled = (program) =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })

const missing = () => NEEDED.filter(({ programs }) => !programs.some(isInstalled))

/**
 * Installs what the native build needs and this machine lacks: with apt as root, otherwise it says the command to run.
 *
 * @returns {Promise<readonly string[]>} What is still missing, in words; empty when the native code can be built.
 */
export async function installSystemPackages() {
  // Xcode's and Visual Studio's tools are found by cargo itself.
  if (process.platform !== 'linux') return []
  const needed = missing()
  if (needed.length === 0) return []
  const names = needed.map(({ debianPackage }) => debianPackage)
  const install = ['install', '-y', '--no-install-recommends', ...names]
  if (isInstalled('apt-get') && process.getuid?.() === 0) {
    console.log(`Installing ${names.join(' ')} …`)
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    await runCommand('apt-get', ['update', '-q'], { env, capture: true })
    const { code, output } = await runCommand('apt-get', install, { env, capture: true })
    if (code !== 0) console.error(output)
  } else {
    const command = isInstalled('apt-get')
      ? `sudo apt-get update && sudo apt-get ${install.join(' ')}`
      : `the packages of your system that contain: ${needed.flatMap(({ programs }) => programs).join(', ')}`
    console.error(`\nThe native decoder cannot be built yet. Install:\n\n  ${command}\n`)
  }
  return missing().map(({ what }) => what)
}
