/** What a backend can do by itself, as its capabilities call it. */
const ABILITIES = ['range', 'resample', 'mono', 'out']

/**
 * The page that tells which backend passes which checks.
 *
 * @param {readonly { name: string, title: string }[]} checks
 * @param {readonly {
 *   backend: string,
 *   capabilities: readonly string[],
 *   formats: Record<string, { files: number, passes: readonly string[], exceptions: Record<string, string> }>
 * }[]} tables One for each backend.
 * @returns {string} Markdown.
 */
export function conformancePage(checks, tables) {
  const formats = [...new Set(tables.flatMap(({ formats }) => Object.keys(formats)))]
  const heading = ['format', ...tables.map(({ backend }) => `\`${backend}\``)]
  const rows = formats.map((format) => [
    format,
    ...tables.map(({ formats }) => (formats[format] === undefined ? '–' : cell(formats[format]))),
  ])
  const abilities = ABILITIES.map((ability) => [
    ability,
    ...tables.map(({ capabilities }) => (capabilities.includes(ability) ? 'itself' : 'core')),
  ])
  const exceptions = tables.flatMap(({ backend, formats }) =>
    Object.entries(formats).flatMap(([format, { exceptions }]) =>
      Object.entries(exceptions).map(([check, reason]) => [
        `\`${backend}\``,
        format,
        check,
        reason,
      ]),
    ),
  )
  return `${[
    '# Conformance',
    '',
    'Generated from the tests: every backend runs the suite of `@audiodecode/backend-tests` on every sample file of the formats that',
    'it reads, and writes down what it was tested for. Never edited by hand: `npm run conformance:update`.',
    '',
    table(heading, rows),
    '',
    'What a backend does itself, and what core does for it:',
    '',
    table(['', ...heading.slice(1)], abilities),
    '',
    '## Exceptions',
    '',
    ...(exceptions.length === 0
      ? ['None.']
      : [
          'Checks that a backend does not pass yet. They are run and must fail, so that none stays here without need.',
          '',
          table(['backend', 'format', 'check', 'reason'], exceptions),
        ]),
    '',
    '## Checks',
    '',
    table(
      ['check', 'what holds'],
      checks.map(({ name, title }) => [name, title]),
    ),
  ].join('\n')}\n`
}

function cell({ files, passes, exceptions }) {
  const excepted = Object.keys(exceptions)
  const counted = `${passes.length} checks, ${files} ${files === 1 ? 'file' : 'files'}`
  return excepted.length === 0 ? counted : `${counted}; not: ${excepted.join(', ')}`
}

const line = (cells) => `| ${cells.join(' | ')} |`

function table(heading, rows) {
  return [line(heading), line(heading.map(() => '---')), ...rows.map(line)].join('\n')
}
