import { styleText } from 'node:util'

type Style = Parameters<typeof styleText>[0]

/**
 * Text with colour codes, always: `writeLine` takes them out again where they are not wanted. (`styleText` by itself asks
 * the process's own stdout on newer Node, which need not be where the text goes.)
 */
export function style(format: Style, text: string): string {
  const unchecked: (format: Style, text: string, options: { validateStream: boolean }) => string =
    styleText
  return unchecked(format, text, { validateStream: false })
}
