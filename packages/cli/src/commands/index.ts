import { defineCommand } from 'citty'
import type { CommandDef } from 'citty'

// Each command gives up the types of its own arguments here, since citty's CommandDef is invariant in them.

/** The commands by name, each loaded when it is asked for. Loading one must not load an addon: `--help` loads them all. */
export const commands: Readonly<
  Record<
    'decode' | 'info' | 'transcribe' | 'features' | 'plot' | 'backends',
    () => Promise<CommandDef>
  >
> = {
  decode: async () => (await import('./decode.js')).decodeCommand,
  info: async () => (await import('./info.js')).infoCommand,
  transcribe: async () => (await import('./transcribe.js')).transcribeCommand,
  features: async () => (await import('./features.js')).featuresCommand,
  plot: async () => (await import('./plot.js')).plotCommand,
  backends: async () => (await import('./backends.js')).backendsCommand,
}

/** The command that holds the others; used for help only. */
export function mainCommand(version: string): CommandDef {
  return defineCommand({
    meta: { name: 'audiodecode', version, description: 'Audio files into numbers and text' },
    subCommands: commands,
  }) as CommandDef
}
