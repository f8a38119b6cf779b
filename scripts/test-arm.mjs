// Runs the tests of crates as an ARM processor does, on any Linux: `npm run test:arm [-- CRATE…]`.
// Needs qemu-user-static and gcc-aarch64-linux-gnu (Debian's and Ubuntu's names), and the target, which rustup adds.
import { runCommand } from './setup/run-command.mjs'

const TARGET = 'aarch64-unknown-linux-gnu'
/** Those with forms for kinds of processors; others may be named. */
const CRATES = ['audiodecode-dsp', 'audiodecode-mp3', 'audiodecode-whisper-int8']

const given = process.argv.slice(2)
const crates = given.length > 0 ? given : CRATES
const env = {
  ...process.env,
  CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER: 'aarch64-linux-gnu-gcc',
  // `max` has the dot products that Apple's and Amazon's processors have.
  CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER:
    'qemu-aarch64-static -cpu max -L /usr/aarch64-linux-gnu',
}
const added = await runCommand('rustup', ['target', 'add', TARGET])
if (added.code !== 0) process.exit(added.code)
const packages = crates.flatMap((crate) => ['-p', crate])
// Optimised, since every instruction is translated.
const { code } = await runCommand(
  'cargo',
  ['test', '--profile', 'fast', '--locked', '--no-fail-fast', '--target', TARGET, ...packages],
  { env },
)
process.exitCode = code
