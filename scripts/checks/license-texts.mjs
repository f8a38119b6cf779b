import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const NAME = /^(licen[cs]e|copying|notice|copyright)/i
const SKIPPED_FOLDERS = /^(\.|target$|tests?$|benches$|examples$|doc$|node_modules$)/

function licenseFiles(folder, depth = 0) {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      if (entry.isFile()) return NAME.test(entry.name) ? [path] : []
      // Code that a crate bundles (libopus) has its own licence one or two folders down.
      const isWorthALook = entry.isDirectory() && depth < 2 && !SKIPPED_FOLDERS.test(entry.name)
      return isWorthALook ? licenseFiles(path, depth + 1) : []
    })
}

/** The usual words, for crates that say MIT and ship no text. */
const mitText = (holder) => `MIT License

Copyright (c) ${holder}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`

/**
 * Licence texts that must travel with a crate's code. Of a choice that includes MIT, the MIT text alone.
 *
 * @param {{ name: string, version: string, license: string, folder: string }} crate
 * @returns {readonly string[]}
 */
export function licenseTexts({ name, version, license, folder }) {
  const files = licenseFiles(folder)
  const isChoice = /\bOR\b|\//.test(license) && /\bMIT\b/.test(license)
  const chosen = isChoice
    ? files.filter((file) => !/apache|unlicense|zlib|bsl|boost/i.test(file.slice(folder.length)))
    : files
  if (chosen.length > 0) {
    return chosen.map((file) => readFileSync(file, 'utf8').replaceAll('\r\n', '\n').trim())
  }
  if (/\bMIT\b/.test(license)) return [mitText(`the authors of ${name}`)]
  throw new Error(
    `${name} ${version} (${license}) ships no licence text and has no MIT choice: add its text by hand`,
  )
}
