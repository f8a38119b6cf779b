import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'

const DATA = fileURLToPath(new URL('../data/onnx-exports', import.meta.url))

/**
 * Unpacks an export that reference/onnx-exports.py has made, e.g. 'new/slim', without the files that `unwanted` names.
 * @returns The folder.
 */
export function unpackExport(name: string, folder: string, unwanted: RegExp = /^$/u): string {
  mkdirSync(folder, { recursive: true })
  const [exporter = ''] = name.split('/')
  for (const json of ['config.json', 'generation_config.json']) {
    copyFileSync(join(DATA, exporter, json), join(folder, json))
  }
  for (const packed of readdirSync(join(DATA, name))) {
    const plain = packed.replace(/\.gz$/u, '')
    if (plain === packed || unwanted.test(plain)) continue
    writeFileSync(join(folder, plain), gunzipSync(readFileSync(join(DATA, name, packed))))
  }
  return folder
}

/** The weight of this name in those exports: the formula of reference/onnx-exports.py. */
export function exportedWeight(name: string, length: number): Float32Array {
  const seed = new TextEncoder().encode(name).reduce((sum, byte) => sum + byte, 0)
  return Float32Array.from(
    { length },
    (_, at) => (((at * 17 + Math.floor(at / 127) * 5 + seed * 29) % 127) - 63) / 256,
  )
}
