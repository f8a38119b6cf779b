import { dirname, join } from 'node:path'

/** Neither is linked into what cargo builds: a procedural macro runs inside the compiler. */
const isProcMacro = (crate) => crate.targets.some(({ kind }) => kind.includes('proc-macro'))

/**
 * Crates of other people whose code ends up in the addon built from `manifestPath`, on any platform.
 *
 * @param {any} metadata What `cargo metadata` printed.
 * @param {string} manifestPath Absolute path of the addon's Cargo.toml.
 * @returns {readonly { name: string, version: string, license: string, repository: string, folder: string }[]} Sorted by name.
 */
export function linkedCrates(metadata, manifestPath) {
  const crates = new Map(metadata.packages.map((crate) => [crate.id, crate]))
  const nodes = new Map(metadata.resolve.nodes.map((node) => [node.id, node]))
  const start = metadata.packages.find((crate) => join(crate.manifest_path) === join(manifestPath))
  const seen = new Set([start.id])
  const queue = [start.id]
  for (const id of queue) {
    for (const { pkg, dep_kinds: kinds } of nodes.get(id).deps) {
      const isLinked = kinds.some(({ kind }) => kind === null) && !isProcMacro(crates.get(pkg))
      if (!isLinked || seen.has(pkg)) continue
      seen.add(pkg)
      queue.push(pkg)
    }
  }
  return [...seen]
    .map((id) => crates.get(id))
    .filter(({ source }) => source !== null)
    .map(({ name, version, license, repository, manifest_path: manifest }) => ({
      name,
      version,
      license: license ?? '',
      repository: repository ?? '',
      folder: dirname(manifest),
    }))
    .sort((a, b) => (`${a.name} ${a.version}` < `${b.name} ${b.version}` ? -1 : 1))
}
