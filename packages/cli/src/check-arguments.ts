import { parseArgs } from 'node:util'

import type { ArgsDef } from 'citty'

import { usageError } from './cli-error.js'
import { suggest } from './suggest.js'

/**
 * Refuses what citty lets pass: unknown options (with the name that was probably meant), options without their value,
 * values for options that take none. Returns the arguments that are not options, in order.
 *
 * @throws CliError with `isUsage`.
 */
export function checkArguments(rawArgs: readonly string[], definition: ArgsDef): string[] {
  const options: Record<string, { type: 'string' | 'boolean'; short?: string }> = {}
  for (const [name, option] of Object.entries(definition)) {
    if (option.type === 'positional') continue
    const type = option.type === 'boolean' ? 'boolean' : 'string'
    const short = 'alias' in option && typeof option.alias === 'string' ? option.alias : undefined
    options[name] = short === undefined ? { type } : { type, short }
    if (type === 'boolean' && option.default === true) options[`no-${name}`] = { type }
  }
  const args = [...rawArgs]
  const { tokens, positionals } = parseArgs({
    args,
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  for (const token of tokens) {
    if (token.kind !== 'option') continue
    const known = options[token.name]
    if (known === undefined) throw unknownOption(token.rawName, token.name, Object.keys(options))
    if (known.type === 'string' && (token.value === undefined || token.value === '')) {
      throw usageError(`${token.rawName} needs a value`)
    }
    if (known.type === 'boolean' && token.value !== undefined) {
      throw usageError(`${token.rawName} takes no value`)
    }
  }
  return positionals
}

function unknownOption(rawName: string, name: string, known: readonly string[]): Error {
  const meant = suggest(name, known)
  return usageError(
    meant === undefined
      ? `unknown option ${rawName}`
      : `unknown option ${rawName} (did you mean --${meant}?)`,
  )
}
