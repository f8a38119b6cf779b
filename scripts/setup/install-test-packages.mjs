import { runCommand } from './run-command.mjs'

/** Whether a command succeeds and prints what matches. */
async function prints(command, args, pattern = /^/) {
  const { code, output } = await runCommand(command, args, { capture: true })
  return code === 0 && pattern.test(output)
}

/** What some tests need of the system, and the Debian package that has it. */
const NEEDED = [
  {
    // Reads back what the command writes. The system's own interpreter has what the system's packages bring.
    debianPackage: 'python3-numpy',
    isThere: async () =>
      (await prints('python3', ['-c', 'import numpy'])) ||
      prints('/usr/bin/python3', ['-c', 'import numpy']),
  },
  {
    debianPackage: 'libsndfile1',
    isThere: () => prints('ldconfig', ['-p'], /libsndfile\.so\.1/),
  },
  {
    debianPackage: 'ffmpeg',
    isThere: () => prints('ldconfig', ['-p'], /libavformat\.so\.(63|62|61|60|59)/),
  },
]

/** Installs what the tests need and this machine lacks, as root on Debian. Elsewhere those tests are skipped. */
export async function installTestPackages() {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return
  const missing = []
  for (const { debianPackage, isThere } of NEEDED) {
    if (!(await isThere())) missing.push(debianPackage)
  }
  if (missing.length === 0) return
  console.log(`Installing ${missing.join(' ')} …`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  await runCommand('apt-get', ['update', '-q'], { env, capture: true })
  const install = ['install', '-y', '--no-install-recommends', ...missing]
  const { code, output } = await runCommand('apt-get', install, { env, capture: true })
  if (code !== 0) console.error(output)
}
