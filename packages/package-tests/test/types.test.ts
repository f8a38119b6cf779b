import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'

import { describe, expect, inject, test } from 'vitest'

import { writeApp } from './run-app.js'

const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc')

const sample = `import { AudioDecoder, load, stream, type AudioData } from '@audiodecode/core'
import { librosaLoad } from '@audiodecode/core/librosa'
import '@audiodecode/backend-rust'

export async function seconds(path: string): Promise<number> {
  const audio: AudioData = await load(path, { sampleRate: 16_000, mono: true })
  for await (const block of stream(path, { blockSeconds: 1 })) block.data.fill(0)
  await using decoder = await AudioDecoder.open(path)
  const { y, sr } = await librosaLoad(path)
  // @ts-expect-error: a rate is a number.
  await load(path, { sampleRate: '16k' })
  return audio.durationSeconds + (decoder.info.durationSeconds ?? 0) + y.length / sr
}
`

describe.each([
  ['nodenext', 'nodenext'],
  ['node16', 'node16'],
  ['esnext', 'bundler'],
] as const)('under module %s with resolution %s', (module, moduleResolution) => {
  test('the declarations resolve and mean what they say', () => {
    const folder = inject('consumer')
    writeApp(folder, 'sample.mts', sample)
    // Without skipLibCheck: the packages' own declarations are checked too.
    const compilerOptions = {
      module,
      moduleResolution,
      target: 'es2022',
      lib: ['es2023', 'esnext.disposable', 'dom'],
      types: [],
      strict: true,
      noEmit: true,
    }
    const project = writeApp(
      folder,
      `tsconfig.${moduleResolution}.json`,
      JSON.stringify({ compilerOptions, files: ['sample.mts'] }),
    )
    const args = [tsc, '--project', project]
    const { stdout, status } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' })
    expect(stdout).toBe('')
    expect(status).toBe(0)
  })
})
