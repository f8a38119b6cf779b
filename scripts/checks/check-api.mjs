// Compares the public API of every published package with its reviewed report (packages/*/etc/*.api.md) and fails when an
// exported symbol has no doc comment. `--update` writes the reports anew.
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { basename, join, relative } from 'node:path'

import { root } from '../setup/root.mjs'
import { extractApi } from './extract-api.mjs'
import { publicPackages } from './public-packages.mjs'
import { undocumentedSymbols } from './undocumented-symbols.mjs'

const update = process.argv.includes('--update')
const models = join(root, '.cache/api')
mkdirSync(models, { recursive: true })

let problems = 0
for (const { folder, manifest } of publicPackages()) {
  for (const [entry, target] of Object.entries(manifest.exports ?? {})) {
    const types = target?.types
    if (types === undefined || types.endsWith('.cts')) continue
    if (!existsSync(join(folder, types))) {
      console.error(`${manifest.name}${entry.slice(1)} has not been built: npm run build`)
      problems += 1
      continue
    }
    const name = [basename(folder), ...entry.split('/').slice(1)].join('-')
    const model = join(models, `${name}.api.json`)
    mkdirSync(join(folder, 'etc'), { recursive: true })
    const { changed, errors } = extractApi({
      folder,
      types: join(folder, types),
      name,
      model,
      update,
    })
    const report = relative(root, join(folder, 'etc', `${name}.api.md`))
    if (changed && update) console.log(`updated ${report}`)
    else if (changed)
      errors.push(`the API is not what ${report} says; when that is meant: npm run api:update`)
    for (const symbol of undocumentedSymbols(JSON.parse(readFileSync(model, 'utf8')))) {
      errors.push(`${symbol} has no doc comment`)
    }
    for (const error of errors) console.error(`${manifest.name}${entry.slice(1)}: ${error}`)
    problems += errors.length
  }
}
if (problems > 0) process.exitCode = 1
