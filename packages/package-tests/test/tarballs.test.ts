import { readFileSync, statSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { describe, expect, inject, test } from 'vitest'

import { tarEntries } from './tar-entries.js'

const tarballs = Object.entries(inject('tarballs'))
/** The packages that applications import; the rest carry only an addon. */
const isImported = (path: string): boolean =>
  tarEntries(gunzipSync(readFileSync(path))).some(({ name }) => name.endsWith('/dist/index.js'))
const arrayBuffer = (path: string): ArrayBuffer => {
  const bytes = readFileSync(path)
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer
}

describe.each(tarballs.filter(([, path]) => isImported(path)))(
  'the tarball of %s',
  (_name, path) => {
    test('has no fault that publint knows', async () => {
      const { messages, pkg } = await publint({
        pack: { tarball: arrayBuffer(path) },
        strict: true,
      })
      expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([])
    })

    test('has declarations that resolve for every importer of ES modules', async () => {
      const analysis = await checkPackage(
        createPackageFromTarballData(new Uint8Array(readFileSync(path))),
      )
      // An ESM-only package cannot be resolved by Node 10's algorithm, and importing it from CommonJS is what Node ≥ 20.19 allows.
      const problems = (analysis.types ? analysis.problems : []).filter(
        (problem) =>
          !(
            'resolutionKind' in problem &&
            (problem.resolutionKind === 'node10' || problem.resolutionKind === 'node16-cjs')
          ),
      )
      expect(analysis.types).not.toBe(false)
      expect(problems).toEqual([])
    })
  },
)

describe.each(tarballs)('the tarball of %s', (_name, path) => {
  const names = tarEntries(gunzipSync(readFileSync(path))).map(({ name }) => name)

  test('carries its licence', () => {
    expect(names).toContain('package/LICENSE')
  })

  test('carries nothing but what is used', () => {
    const allowed =
      /^package\/(dist\/.*|beamcoder-child\/[\w-]+\.mjs|samples\/.*|assets\/silero-vad\.(onnx|LICENSE)|binding\/.*|package\.json|LICENSE|README\.md|CHANGELOG\.md|THIRD_PARTY_LICENSES|[\w.-]+\.node)$/
    expect(names.filter((name) => !allowed.test(name))).toEqual([])
  })

  test('carries an addon if, and only if, it is for one platform', () => {
    const isForOnePlatform = /-(linux|darwin|win32)-/.test(_name)
    expect(names.some((name) => name.endsWith('.node'))).toBe(isForOnePlatform)
    if (isForOnePlatform) expect(names).toContain('package/THIRD_PARTY_LICENSES')
  })
})

test('the sizes are known', () => {
  const kib = (bytes: number): string => `${(bytes / 1024).toFixed(1)} KiB`
  const rows = tarballs.map(([name, path]) => {
    const entries = tarEntries(gunzipSync(readFileSync(path)))
    const unpacked = entries.reduce((sum, { size }) => sum + size, 0)
    return {
      package: name,
      packed: kib(statSync(path).size),
      unpacked: kib(unpacked),
      files: entries.length,
    }
  })
  console.table(rows)
  expect(rows.length).toBeGreaterThanOrEqual(5)
})
