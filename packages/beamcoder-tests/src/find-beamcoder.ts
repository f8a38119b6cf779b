import { createRequire } from 'node:module'
import { dirname } from 'node:path'

// The backend is in another package, whose imports do not find what this one has.
try {
  const manifest = createRequire(import.meta.url).resolve('beamcoder/package.json')
  process.env['AUDIODECODE_BEAMCODER'] ??= dirname(manifest)
} catch {
  // An optional dependency: the tests skip themselves with what `status()` says.
}
