// node try-packed.mjs FOLDER: installs the packed packages in an empty folder with this Node and decodes a recording, by `import`
// and by `require`. Needs nothing but npm, so that it runs in a bare container.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

import { root } from '../setup/root.mjs'

/** Frames of fixtures/jfk.flac, from its STREAMINFO. */
const EXPECTED_FRAMES = 485_100

const tarballs = readdirSync(resolve(process.argv[2] ?? 'packed'))
  .filter((name) => /^audiodecode-(core|native-bridge|backend-rust.*)-\d.*\.tgz$/.test(name))
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
} finally {
  rmSync(folder, { recursive: true, force: true })
}
