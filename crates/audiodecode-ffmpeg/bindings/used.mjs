import { readFileSync } from 'node:fs'

/**
 * What is used of FFmpeg's headers, as used.txt says: types by their names, constants with their types, structures with their
 * members' types.
 */
export function readUsed() {
  const used = { types: new Map(), constants: new Map(), structures: new Map() }
  let members
  for (const line of readFileSync(new URL('used.txt', import.meta.url), 'utf8').split('\n')) {
    const [, kind, name, type] = /^(type|const|struct| ) (\w+)(?:(?: =|:) (.+))?$/.exec(line) ?? []
    if (kind === 'type') used.types.set(name, type)
    else if (kind === 'const') used.constants.set(name, type)
    else if (kind === 'struct') used.structures.set(name, (members = new Map()))
    else if (kind === ' ') members.set(name, type)
    else if (line !== '' && !line.startsWith('#')) throw new Error(`used.txt: ${line}`)
  }
  return used
}

/** Whether a structure lies inside of another one, so that its size matters. */
export function isInside({ structures }, name) {
  return [...structures.values()].some((members) => [...members.values()].includes(name))
}

/** The arguments and the result of a function's type; none of another type's. */
export function functionType(type) {
  const [, list, result] = /^Option<unsafe extern "C" fn\((.*)\) -> (.+)>$/.exec(type) ?? []
  return result && { list: list.split(', '), result }
}
