import { runCommand } from '../setup/run-command.mjs'

/**
 * What cargo knows about the workspace and its locked dependencies.
 *
 * @param {string} [target] Only dependencies of this target triple; all targets when missing.
 * @returns {Promise<any>}
 */
export async function cargoMetadata(target) {
  const filter = target === undefined ? [] : ['--filter-platform', target]
  const args = ['metadata', '--format-version', '1', '--locked', '--quiet', ...filter]
  const { code, output } = await runCommand('cargo', args, { capture: true })
  if (code !== 0) throw new Error(`cargo metadata failed:\n${output}`)
  return JSON.parse(output.slice(output.indexOf('{"')))
}
