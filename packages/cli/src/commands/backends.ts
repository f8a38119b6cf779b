import { diagnose, listBackends } from '@audiodecode/core'
import { defineCommand } from 'citty'
import type { CommandDef } from 'citty'

import { usageError } from '../cli-error.js'
import { contextFrom } from '../command-context.js'
import { ExitCode } from '../exit-code.js'
import { explain } from '../explain.js'
import { loadBackends } from '../load-backends.js'
import { writeLine } from '../streams.js'
import { style } from '../style.js'
import { table } from '../table.js'

const args = {
  json: { type: 'boolean', description: 'The same as an array' },
} as const

/** One plugin, registered or not installed. */
interface PluginRow {
  readonly kind: string
  readonly name: string
  readonly tier: string | null
  readonly available: boolean
  /** 'unavailable': registered, but its addon cannot be loaded. 'broken': installed, but it cannot be imported. */
  readonly state: 'ready' | 'unavailable' | 'not installed' | 'broken'
  readonly version: string | null
  readonly hint: string | null
}

/** `audiodecode backends`: what can decode here, and what to install for more. */
export const backendsCommand: CommandDef = defineCommand({
  meta: {
    name: 'backends',
    description: 'Show what can decode here, and what to install for more',
  },
  args,
  async run({ args, data }) {
    const { streams, files } = contextFrom(data)
    if (files.length > 0) throw usageError(`backends takes no FILE, such as ${files[0]}`)
    const packages = await loadBackends()
    const tiers = new Map(listBackends().map(({ name, tier }) => [name, tier as string]))
    const rows: PluginRow[] = (await diagnose()).map(
      ({ kind, name, available, version, hint }) => ({
        kind,
        name,
        tier: kind === 'backend' ? (tiers.get(name) ?? null) : null,
        available,
        state: available ? 'ready' : 'unavailable',
        version,
        hint,
      }),
    )
    for (const { name, backend, state, error } of packages) {
      if (state === 'loaded') continue
      const hint =
        state === 'missing' ? `npm install ${name}` : `${name}: ${explain(error, streams.env)}`
      rows.push({
        kind: 'backend',
        name: backend,
        tier: null,
        available: false,
        state: state === 'missing' ? 'not installed' : 'broken',
        version: null,
        hint,
      })
    }
    const text = args.json === true ? JSON.stringify(rows, null, 2) : pluginTable(rows)
    await writeLine(streams, 'stdout', text)
    return ExitCode.ok
  },
}) as unknown as CommandDef

function pluginTable(rows: readonly PluginRow[]): string {
  return table(
    ['NAME', 'KIND', 'TIER', 'STATE', 'VERSION', 'TO DO'],
    rows.map(({ name, kind, tier, available, state, version, hint }) => [
      name,
      kind,
      tier ?? '–',
      style(available ? 'green' : 'yellow', state),
      version ?? '–',
      hint ?? '',
    ]),
  )
}
