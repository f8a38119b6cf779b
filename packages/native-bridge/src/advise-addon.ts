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
  const reason = reasonOf(cause)
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

/** The error at the bottom says what the loader's summary leaves out: the missing symbol, the wrong architecture. */
function reasonOf(error: unknown): string {
  let deepest = error
  for (let depth = 0; depth < 32; depth++) {
    const cause: unknown = deepest instanceof Error ? deepest.cause : undefined
    if (cause === undefined) break
    const next: unknown = Array.isArray(cause) ? mostTelling(cause) : cause
    if (next === undefined) break
    deepest = next
  }
  const message = deepest instanceof Error ? deepest.message : String(deepest)
  return (message.split('\n')[0] ?? message).slice(0, 300)
}

function mostTelling(causes: readonly unknown[]): unknown {
  const isMissing = (cause: unknown): boolean =>
    cause instanceof Error && (cause as { code?: unknown }).code === 'MODULE_NOT_FOUND'
  return causes.find((cause) => !isMissing(cause)) ?? causes.at(-1)
}
