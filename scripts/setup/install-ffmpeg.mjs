import { runCommand } from './run-command.mjs'

async function isThere() {
  const { output } = await runCommand('ldconfig', ['-p'], { capture: true })
  return /libavformat\.so\.(63|61|59)/.test(output)
}

/** Installs FFmpeg, on which one backend decodes, as root on Debian. Elsewhere its tests are skipped when it is not there. */
export async function installFfmpeg() {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || (await isThere())) return
  console.log('Installing ffmpeg …')
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  await runCommand('apt-get', ['update', '-q'], { env, capture: true })
  const install = ['install', '-y', '--no-install-recommends', 'ffmpeg']
  const { code, output } = await runCommand('apt-get', install, { env, capture: true })
  if (code !== 0) console.error(output)
}
