import { spawnSync } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { describe, expect, inject, test } from 'vitest'

import { runApp, writeApp } from './run-app.js'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc')
const nodeTypes = fileURLToPath(new URL('../../../node_modules/@types', import.meta.url))

const guide = readdirSync(join(root, 'docs/guide')).map((name) => `docs/guide/${name}`)
const programs = ['README.md', ...guide].flatMap((file) =>
  [...readFileSync(join(root, file), 'utf8').matchAll(/^```ts\n(.*?)^```/gms)].map((match, i) => ({
    name: `${file}, program ${i + 1}`,
    file: `${file.replaceAll(/\W/g, '-')}-${i + 1}.mts`,
    source: match[1] ?? '',
  })),
)

describe('the documentation', () => {
  test('has programs that compile against the packed packages', () => {
    const folder = inject('consumer')
    const files = programs.map(({ file, source }) => writeApp(folder, file, source))
    const modules = [
      '--module',
      'nodenext',
      '--target',
      'es2022',
      '--lib',
      'es2023,esnext.disposable,dom',
    ]
    const types = ['--types', 'node', '--typeRoots', nodeTypes, '--skipLibCheck']
    const { stdout } = spawnSync(
      process.execPath,
      [tsc, '--strict', '--noEmit', ...modules, ...types, ...files],
      {
        cwd: folder,
        encoding: 'utf8',
      },
    )
    expect(stdout).toBe('')
    expect(files.length).toBeGreaterThanOrEqual(8)
  })

  test('quotes files as they are', () => {
    const quotes = guide.flatMap((file) =>
      [
        ...readFileSync(join(root, file), 'utf8').matchAll(
          /(?:^<!-- (\S+) -->\n)?^```typescript\n(.*?)^```/gms,
        ),
      ].map(([, source, text = '']) => ({ file, source, text })),
    )
    const wrong = quotes.filter(
      ({ source, text }) =>
        source === undefined || !readFileSync(join(root, source), 'utf8').includes(text),
    )
    expect(wrong).toEqual([])
    expect(quotes.length).toBeGreaterThanOrEqual(8)
  })

  test('begins with a program that prints what its comments say', () => {
    const { source } = programs[0] ?? { source: '' }
    const values = source
      .replace('fixtures/', `${root}fixtures/`)
      .replace(
        /console\.log\((audio\.frames.*?)\) \/\/ (.*)/,
        'console.log(JSON.stringify([[$1].join(" "), "$2"]))',
      )
      .replace(/console\.log\(audio\.data\).*/, '')
    const [printed, promised] = runApp(
      process.execPath,
      writeApp(inject('consumer'), 'readme.mjs', values),
    ) as string[]
    expect(printed).toBe(promised)
  })
})
