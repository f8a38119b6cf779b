/** What a page says of a file in a column; undefined where it has no such row or column. */
export type PageCells = (file: string, column: string) => string | undefined

/** Reads the table of a page that `matrixPage` wrote. */
export function pageCells(page: string): PageCells {
  const [heading = [], , ...rows] = page
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
  return (file, column) => {
    const index = heading.indexOf(column)
    return index < 0 ? undefined : rows.find(([name]) => name === file)?.[index]
  }
}
