import type { PluginStatus } from './plugin-status.js'
import { listBackends, listTranscribers, registeredCache } from './registry.js'

/** A registered plugin and whether it can work here. */
export type PluginDiagnosis = {
  /** What the plugin is. */
  readonly kind: 'backend' | 'cache' | 'transcriber'
  /** Name under which it is registered; caches have none and are called "cache". */
  readonly name: string
} & PluginStatus

/** Every registered plugin: loadable? which version? what to install when not. Loads addons; never rejects for a plugin's fault. */
export async function diagnose(): Promise<readonly PluginDiagnosis[]> {
  const cache = registeredCache()
  return Promise.all([
    ...listBackends().map(async (backend) => examine('backend', backend.name, backend)),
    ...(cache === null ? [] : [examine('cache', 'cache', {})]),
    ...listTranscribers().map(async (engine) => examine('transcriber', engine.name, engine)),
  ])
}

async function examine(
  kind: PluginDiagnosis['kind'],
  name: string,
  plugin: { status?(): Promise<PluginStatus> },
): Promise<PluginDiagnosis> {
  try {
    // Without a status there is nothing that could be missing: it is JavaScript and was imported.
    const status = (await plugin.status?.()) ?? { available: true, version: null, hint: null }
    const { available, version, hint } = status
    return { kind, name, available, version, hint }
  } catch (error) {
    const hint = error instanceof Error ? error.message : String(error)
    return { kind, name, available: false, version: null, hint }
  }
}
