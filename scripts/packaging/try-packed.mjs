// node try-packed.mjs FOLDER: installs the packed packages in an empty folder with this Node, decodes a recording, by `import` and by
// `require`, and loads the addons of all packages. Needs nothing but npm, so that it runs in a bare container.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

import { root } from '../setup/root.mjs'

/** Frames of fixtures/jfk.flac, from its STREAMINFO. */
const EXPECTED_FRAMES = 485_100

/** Packages that carry an addon, by the end of their names. */
const PLATFORM = /-(linux|darwin|win32)-[a-z0-9-]+$/

const tarballs = readdirSync(resolve(process.argv[2] ?? 'packed'))
  .filter((name) => {
    const [, packed = ''] = /^audiodecode-(.+)-\d+\.\d+\.\d+.*\.tgz$/.exec(name) ?? []
    // Of the others what they depend on would be downloaded: onnxruntime alone is hundreds of megabytes.
    return /^(core|native-bridge|backend-rust)$/.test(packed) || PLATFORM.test(packed)
  })
  .map((name) => join(resolve(process.argv[2] ?? 'packed'), name))
const folder = mkdtempSync(join(tmpdir(), 'audiodecode-try-'))
const app = `load(${JSON.stringify(join(root, 'fixtures/jfk.flac'))}).then((audio) => console.log(audio.frames))`
try {
  writeFileSync(join(folder, 'package.json'), '{ "private": true }')
  writeFileSync(
    join(folder, 'app.mjs'),
    `import { load } from '@audiodecode/core'\nimport '@audiodecode/backend-rust'\n${app}\n`,
  )
  writeFileSync(
    join(folder, 'app.cjs'),
    `const { load } = require('@audiodecode/core')\nrequire('@audiodecode/backend-rust')\n${app}\n`,
  )
  const isWindows = process.platform === 'win32'
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--force', ...tarballs], {
    cwd: folder,
    stdio: 'inherit',
    shell: isWindows,
  })
  for (const file of ['app.mjs', 'app.cjs']) {
    const frames = Number(execFileSync(process.execPath, [file], { cwd: folder, encoding: 'utf8' }))
    if (frames !== EXPECTED_FRAMES)
      throw new Error(`${file}: ${frames} frames instead of ${EXPECTED_FRAMES}`)
    console.log(`${file} on Node ${process.versions.node}: ${frames} frames`)
  }
  const names = readdirSync(join(folder, 'node_modules/@audiodecode')).filter((name) =>
    PLATFORM.test(name),
  )
  for (const name of names) {
    const program = `process.exitCode = Object.keys(require('@audiodecode/${name}')).length > 0 ? 0 : 1`
    execFileSync(process.execPath, ['-e', program], { cwd: folder, stdio: 'inherit' })
    console.log(`@audiodecode/${name} loads`)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
