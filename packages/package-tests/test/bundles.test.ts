import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import * as esbuild from 'esbuild'
import { rolldown } from 'rolldown'
import { describe, expect, inject, test } from 'vitest'

import { expected, importApp, runApp, writeApp } from './run-app.js'

type Bundle = (entry: string, outfile: string, external: readonly string[]) => Promise<void>

const bundlers: Readonly<Record<'esbuild' | 'rolldown', Bundle>> = {
  esbuild: async (entryPoint, outfile, external) => {
    await esbuild.build({
      entryPoints: [entryPoint],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      external: [...external],
      logLevel: 'silent',
    })
  },
  rolldown: async (input, file, external) => {
    const bundle = await rolldown({
      input,
      platform: 'node',
      external: [...external],
      logLevel: 'silent',
    })
    await bundle.write({ file, format: 'esm' })
    await bundle.close()
  },
}

describe.each(['esbuild', 'rolldown'] as const)('bundled with %s', (name) => {
  const bundle = async (external: readonly string[]): Promise<string> => {
    const folder = join(inject('consumer'), `bundle-${name}-${external.length}`)
    mkdirSync(folder, { recursive: true })
    const entry = writeApp(inject('consumer'), `entry-${name}.mjs`, importApp)
    const outfile = join(folder, 'app.mjs')
    await bundlers[name](entry, outfile, external)
    return outfile
  }

  test('with the backend left external, it registers and decodes', async () => {
    const outfile = await bundle(['@audiodecode/backend-rust'])
    expect(runApp(process.execPath, outfile)).toEqual(expected)
  })

  test('with core and the backend in the bundle, it registers and decodes', async () => {
    const outfile = await bundle([])
    expect(runApp(process.execPath, outfile)).toEqual(expected)
  })

  test('moved away from node_modules, it says that the addon is missing and what to do', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'audiodecode-moved-'))
    try {
      const source = importApp.replace(
        /\}\)\n$/,
        '}).catch((error) => console.log(JSON.stringify({ code: error.code, advice: /@audiodecode\\/backend-rust/.test(error.message) })))\n',
      )
      const entry = writeApp(inject('consumer'), `moved-${name}.mjs`, source)
      const outfile = join(folder, 'app.mjs')
      await bundlers[name](entry, outfile, [])
      expect(runApp(process.execPath, outfile)).toEqual({
        code: 'ERR_BACKEND_UNAVAILABLE',
        advice: true,
      })
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
