import { execFileSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Of whisper the addon alone: the package itself would bring onnxruntime, hundreds of megabytes. */
const USED =
  /^@audiodecode\/(core|dataloader|native-bridge|(backend-rust|features)(-.*)?|whisper-.*)$/

/** Makes an empty application and installs only what decoding, features and batches need in it, and Whisper's addon, from the tarballs. */
export function installConsumer(tarballs: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'audiodecode-consumer-'))
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "name": "consumer" }')
  const chosen = Object.keys(tarballs).filter((name) => USED.test(name))
  npmInstall(
    folder,
    chosen.map((name) => tarballs[name] ?? ''),
  )
  return folder
}

/** `npm install` of tarballs or of `name@version`, into a folder with a package.json. */
export function npmInstall(folder: string, what: readonly string[]): void {
  const args = ['install', '--no-audit', '--no-fund', '--no-save', '--prefer-offline', ...what]
  execFileSync('npm', args, { cwd: folder, stdio: 'pipe', shell: process.platform === 'win32' })
}
