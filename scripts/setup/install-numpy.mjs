import { runCommand } from './run-command.mjs'

/** Interpreters that a test may find NumPy in. The system's own has what the system's packages bring. */
const PYTHONS = ['python3', '/usr/bin/python3']

async function isThere() {
  for (const python of PYTHONS) {
    const { code } = await runCommand(python, ['-c', 'import numpy'], { capture: true })
    if (code === 0) return true
  }
  return false
}

/** Installs NumPy, which reads back what the command writes, as root on Debian. Elsewhere its test is skipped. */
export async function installNumpy() {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || (await isThere())) return
  console.log('Installing python3-numpy …')
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  await runCommand('apt-get', ['update', '-q'], { env, capture: true })
  const install = ['install', '-y', '--no-install-recommends', 'python3-numpy']
  const { code, output } = await runCommand('apt-get', install, { env, capture: true })
  if (code !== 0) console.error(output)
}
