import { stripVTControlCharacters } from 'node:util'

import { style } from './style.js'

/** Rows as columns of equal width, two spaces apart, under a bold heading. Numbers align right when `right` names them. */
export function table(
  heading: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly string[] = [],
): string {
  const widths = heading.map((title, column) =>
    Math.max(width(title), ...rows.map((row) => width(row[column] ?? ''))),
  )
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => {
        const space = ' '.repeat((widths[column] ?? 0) - width(cell))
        return right.includes(heading[column] ?? '') ? space + cell : cell + space
      })
      .join('  ')
      .trimEnd()
  return [style('bold', line(heading)), ...rows.map(line)].join('\n')
}

/** Characters on screen, for text without wide or combining characters; those only loosen the alignment. */
function width(text: string): number {
  return [...stripVTControlCharacters(text)].length
}
