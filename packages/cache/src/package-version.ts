import { readFileSync } from 'node:fs'

let version: string | undefined

/** This package's version, which is core's too; 'unknown' inside a bundle. */
export function packageVersion(): string {
  version ??= readVersion()
  return version
}

function readVersion(): string {
  try {
    const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
    const found: unknown = Reflect.get(JSON.parse(text) as object, 'version')
    return typeof found === 'string' ? found : 'unknown'
  } catch {
    return 'unknown'
  }
}
