import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { root } from '../setup/root.mjs'

/**
 * Tests that may be skipped, from `.ci/allowed-skips`: one a line, `name of the test — reason`; a name that ends with `*` is a
 * beginning of names.
 */
function allowedSkips() {
  const path = join(root, '.ci/allowed-skips')
  if (!existsSync(path)) return []
  const lines = readFileSync(path, 'utf8').split('\n')
  return lines
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => {
      const [name = '', reason = ''] = line.split(' — ')
      if (reason.trim() === '')
        throw new Error(`.ci/allowed-skips: "${line}" gives no reason after " — "`)
      return name.trim()
    })
}

/**
 * Skipped tests that count as failures: with AUDIODECODE_REQUIRE=all every one that is not allowed, otherwise none.
 *
 * @param {readonly string[]} skipped
 * @returns {readonly string[]}
 */
export function forbiddenSkips(skipped) {
  if (process.env.AUDIODECODE_REQUIRE !== 'all') return []
  const allowed = allowedSkips()
  const isAllowed = (name) =>
    allowed.some((entry) =>
      entry.endsWith('*') ? name.startsWith(entry.slice(0, -1)) : name === entry,
    )
  return skipped.filter((name) => !isAllowed(name))
}
