/** The extension of a path, URL path or file name: lower case, without the dot; null when there is none. */
export function extensionOf(name: string): string | null {
  const base = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1)
  const match = /.\.([a-z0-9_]{1,12})$/i.exec(base)
  return match === null ? null : match[1]!.toLowerCase()
}
