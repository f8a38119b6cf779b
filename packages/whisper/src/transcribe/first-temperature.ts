import type { ResolvedOptions } from './options.js'

/** The options with which audio is decoded that is encoded alone: other temperatures are for the whole window. */
export function atFirstTemperature(options: ResolvedOptions): ResolvedOptions {
  return { ...options, temperature: options.temperature.slice(0, 1) }
}
