// Writes THIRD_PARTY_LICENSES of every package with a native addon: the licences of all code linked into it. `--check` only
// compares, and fails when a committed file is out of date.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'

import { root } from '../setup/root.mjs'
import { cargoMetadata } from './cargo-metadata.mjs'
import { licenseTexts } from './license-texts.mjs'
import { linkedCrates } from './linked-crates.mjs'
import { publicPackages } from './public-packages.mjs'

const RULE = '='.repeat(80)

function notices(packageName, crates) {
  /** @type {Map<string, string[]>} */
  const users = new Map()
  for (const crate of crates) {
    const line = `${crate.name} ${crate.version} (${crate.license}) ${crate.repository}`.trimEnd()
    for (const text of licenseTexts(crate))
      users.set(text, [...new Set([...(users.get(text) ?? []), line])])
  }
  const sections = [...users].map(
    ([text, lines]) => `${RULE}\n${lines.join('\n')}\n${RULE}\n\n${text}\n`,
  )
  const preface =
    `The native addon of ${packageName} contains the code of others. What follows are their licences.\n` +
    'Code under the Mozilla Public License 2.0 is unchanged; its source is at the address beside its name.\n'
  return `${preface}\n${sections.join('\n')}`
}

const checkOnly = process.argv.includes('--check')
const metadata = await cargoMetadata()
for (const { folder, manifest } of publicPackages()) {
  const manifestPath = join(folder, 'native/Cargo.toml')
  if (!existsSync(manifestPath)) continue
  const path = join(folder, 'THIRD_PARTY_LICENSES')
  const wanted = notices(manifest.name, linkedCrates(metadata, manifestPath))
  const isCurrent = existsSync(path) && readFileSync(path, 'utf8') === wanted
  if (isCurrent) continue
  if (checkOnly) {
    console.error(
      `${relative(root, path)} is out of date; write it anew with: npm run licenses:update`,
    )
    process.exitCode = 1
  } else {
    writeFileSync(path, wanted)
    console.log(`wrote ${relative(root, path)}`)
  }
}
