/** Kinds that explain themselves or that nobody calls by name. */
const EXEMPT = new Set([
  'Package',
  'EntryPoint',
  'Constructor',
  'ConstructSignature',
  'CallSignature',
  'IndexSignature',
])

/**
 * Exported symbols, and members of exported interfaces and classes, without a doc comment.
 *
 * @param {{ kind: string, name?: string, docComment?: string, members?: readonly any[] }} item API Extractor's model.
 * @param {string} [parent]
 * @returns {readonly string[]} Dotted names.
 */
export function undocumentedSymbols(item, parent = '') {
  const isNamed = item.kind !== 'Package' && item.kind !== 'EntryPoint'
  const name = isNamed ? [parent, item.name ?? item.kind].filter(Boolean).join('.') : ''
  const isUndocumented = !EXEMPT.has(item.kind) && !item.docComment
  // `[Symbol.asyncDispose]` and the like have one meaning everywhere.
  const isWellKnown = item.name?.startsWith('[Symbol.') ?? false
  const own = isUndocumented && !isWellKnown ? [name] : []
  return [...own, ...(item.members ?? []).flatMap((member) => undocumentedSymbols(member, name))]
}
