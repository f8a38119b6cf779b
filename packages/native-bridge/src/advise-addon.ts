/** Where the prebuilt addons of a backend are on npm. */
export interface AddonPackage {
  /** Name of the package that has the addons as optional dependencies, e.g. '@audiodecode/backend-rust'. */
  readonly packageName: string
  /** Platforms there is an addon for, as in the name of its package: 'linux-x64-gnu'. */
  readonly platforms: readonly string[]
  /** One more sentence of advice, e.g. what to use instead. */
  readonly hint?: string
}

/** Why an addon did not load and what to do about it, in a few sentences. */
export function adviseAddon(
  { packageName, platforms, hint }: AddonPackage,
  cause: unknown,
  platform: string = currentPlatform(),
): string {
  const advice = platforms.includes(platform)
    ? [
        `Install ${packageName}-${platform} (npm i ${packageName}): it is an optional dependency, which --omit=optional leaves out and a lockfile or node_modules made on another platform lacks.`,
        `In a bundled program mark ${packageName} as external.`,
      ]
    : [`There is no prebuilt addon for ${platform}; there is one for ${platforms.join(', ')}.`]
  if (hint !== undefined) advice.push(hint)
  const reason = reasonOf(cause, `${packageName}-${platform}`)
  return `The addon of ${packageName} could not be loaded on ${platform}: ${reason}${/[.!?]$/.test(reason) ? '' : '.'} ${advice.join(' ')}`
}

/** This machine as napi-rs names platforms. */
export function currentPlatform(): string {
  const { platform, arch } = process
  if (platform === 'linux') return `linux-${arch}-${isMusl() ? 'musl' : 'gnu'}`
  return platform === 'win32' ? `win32-${arch}-msvc` : `${platform}-${arch}`
}

function isMusl(): boolean {
  const { header } = process.report.getReport() as { header?: { glibcVersionRuntime?: string } }
  return header?.glibcVersionRuntime === undefined
}

/** The first cause that is more than a missing file (a missing symbol, a wrong architecture), else that the package is missing. */
function reasonOf(error: unknown, addonPackage: string): string {
  const causes: Error[] = []
  let next: unknown = error
  while (next instanceof Error && causes.length < 64 && !causes.includes(next)) {
    causes.push(next)
    next = next.cause
  }
  // The first is the loader's summary, if there is anything underneath.
  const details = causes.length > 1 ? causes.slice(1) : causes
  const telling =
    details.find(({ message }) => !message.startsWith('Cannot find module')) ??
    details.find(({ message }) => message.includes(addonPackage)) ??
    details.at(-1)
  const message = telling?.message ?? String(error)
  return (message.split('\n')[0] ?? message).slice(0, 300)
}
