import type { Options } from 'tsup'

/** What every package is built with; a package's own tsup.config.ts adds its entry points. */
export const base: Options = {
  entry: ['src/index.ts'],
  format: ['esm'],
  target: 'node20',
  platform: 'node',
  dts: true,
  clean: true,
  treeshake: false,
}
