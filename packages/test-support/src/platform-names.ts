/** Platforms as in the names of their packages, of `napi.targets`: 'linux-x64-gnu'. */
export function platformNames(targets: readonly string[]): readonly string[] {
  return targets.map((target) => {
    const [cpu, , system, abi] = target.split('-')
    const arch = cpu === 'x86_64' ? 'x64' : 'arm64'
    if (system === 'darwin') return `darwin-${arch}`
    return system === 'windows' ? `win32-${arch}-${abi}` : `linux-${arch}-${abi}`
  })
}
