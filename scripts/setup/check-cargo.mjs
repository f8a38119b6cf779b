import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'

import { fail } from './fail.mjs'
import { runCommand } from './run-command.mjs'

/** Oldest Rust that compiles the crates, as in `rust-version` of Cargo.toml. */
const MINIMUM_MINOR = 89

/** Makes sure that `cargo` can be run and is new enough; ends the program with what to do otherwise. */
export async function checkCargo() {
  // rustup's installer changes the PATH of new shells only.
  const cargoHome = process.env.CARGO_HOME ?? join(homedir(), '.cargo')
  process.env.PATH = `${process.env.PATH ?? ''}${delimiter}${join(cargoHome, 'bin')}`
  const { code, output } = await runCommand('cargo', ['--version'], { capture: true })
  if (code !== 0) {
    fail(
      'cargo was not found: the decoder is written in Rust and is compiled here. Install it, then run this again:\n\n' +
        "  curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y",
    )
  }
  const version = /cargo 1\.(\d+)/.exec(output)
  if (version && Number(version[1]) < MINIMUM_MINOR) {
    fail(
      `${output.trim()} is too old: 1.${MINIMUM_MINOR} or newer is needed. Update it with:\n\n  rustup update stable`,
    )
  }
}
