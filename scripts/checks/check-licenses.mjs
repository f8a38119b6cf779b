// Fails when a dependency, Rust or npm, has a licence that is not on the list below.
import { runCommand } from '../setup/run-command.mjs'
import { cargoMetadata } from './cargo-metadata.mjs'
import { publicPackages } from './public-packages.mjs'
import { isLicenseAllowed } from './spdx.mjs'

/** Permissive licences, and MPL-2.0 (Symphonia), whose files may be linked as long as their source stays available. */
const ALLOWED = new Set([
  '0BSD',
  'Apache-2.0',
  'Apache-2.0 WITH LLVM-exception',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BSL-1.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'MPL-2.0',
  'Python-2.0',
  'Unicode-3.0',
  'Unlicense',
  'Zlib',
])
/** Packages whose manifest says less than their licence file; each was read. */
const READ_BY_HAND = new Set(['spawndamnit'])
/** GPL, and therefore an optional peer of one package and a dependency of private ones alone. */
const NEVER_A_DEPENDENCY = new Set(['beamcoder'])
/** Tools that are only run, never shipped, may say more. */
const ALLOWED_FOR_TOOLS = new Set([...ALLOWED, 'CC-BY-4.0', 'CC-BY-3.0', 'PSF-2.0'])

const npmLicenses = async (...flags) => {
  const { code, output } = await runCommand('pnpm', ['licenses', 'list', '--json', ...flags], {
    capture: true,
  })
  if (code !== 0) throw new Error(`pnpm licenses failed:\n${output}`)
  const start = output.indexOf('{')
  return start < 0 ? {} : JSON.parse(output.slice(start))
}

const { packages } = await cargoMetadata()
const crates = packages
  .filter(({ license }) => !isLicenseAllowed(license ?? '', ALLOWED))
  .map(
    ({ name, version, license }) => `crate ${name} ${version}: ${license ?? 'no licence stated'}`,
  )

const npm = []
for (const [flag, allowed] of [
  ['--prod', ALLOWED],
  ['--dev', ALLOWED_FOR_TOOLS],
]) {
  for (const [license, found] of Object.entries(await npmLicenses(flag))) {
    if (isLicenseAllowed(license, allowed)) continue
    npm.push(
      ...found
        .filter(({ name }) => !READ_BY_HAND.has(name) && !NEVER_A_DEPENDENCY.has(name))
        .map(({ name }) => `npm package ${name} (${flag.slice(2)}): ${license}`),
    )
  }
}
const problems = [...crates, ...npm].map(
  (found) => `${found} is not on the list of allowed licences`,
)
for (const { manifest } of publicPackages()) {
  const { name, dependencies, optionalDependencies } = manifest
  for (const dependency of Object.keys({ ...dependencies, ...optionalDependencies })) {
    if (!NEVER_A_DEPENDENCY.has(dependency)) continue
    problems.push(
      `${name} depends on ${dependency}, whose licence would reach everybody who installs it`,
    )
  }
}
for (const problem of problems) console.error(problem)
process.exitCode = problems.length > 0 ? 1 : 0
