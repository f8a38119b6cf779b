// Builds the addon of the package in the current folder into its binding/: the loader, its types, and the addon of this platform
// (or of --target).
// AUDIODECODE_NATIVE_PROFILE is the Cargo profile: "fast" (default) links quickly, "release" is what is published.
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const require = createRequire(join(process.cwd(), 'package.json'))
const cli = join(dirname(require.resolve('@napi-rs/cli/package.json')), 'dist/cli.js')
const profile = process.env.AUDIODECODE_NATIVE_PROFILE || 'fast'
const { status } = spawnSync(
  process.execPath,
  [cli, 'build', '--platform', '--profile', profile, '--manifest-path', 'native/Cargo.toml']
    .concat('--output-dir', 'binding', '--js', 'binding.cjs', '--dts', 'binding.d.cts')
    .concat(process.argv.slice(2)),
  { stdio: 'inherit' },
)
process.exit(status ?? 1)
