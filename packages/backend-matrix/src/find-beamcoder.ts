import { createRequire } from 'node:module'
import { dirname } from 'node:path'

// `npm test` names the copy that it has compiled. Otherwise: the one of the package that has beamcoder as a dependency, so that it
// is nobody else's.
try {
  const its = new URL('../../beamcoder-tests/package.json', import.meta.url)
  const manifest = createRequire(its).resolve('beamcoder/package.json')
  process.env['AUDIODECODE_BEAMCODER'] ??= dirname(manifest)
} catch {
  // Not there: its column keeps what the page says, and the test that it works skips itself.
}
