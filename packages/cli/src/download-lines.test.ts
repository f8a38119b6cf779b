import { expect, test } from 'vitest'

import { downloadLines } from './download-lines.js'
import type { CliStreams } from './streams.js'

test('a download is told in tenths, and small files are not told', () => {
  let text = ''
  const output: CliStreams['stderr'] = {
    write(chunk, done) {
      text += String(chunk)
      done()
    },
  }
  const stdin = (async function* (): AsyncGenerator<Uint8Array> {})()
  const tell = downloadLines({ stdin, stdout: output, stderr: output, env: {} })
  const file = 'model.bin'
  const totalBytes = 145_000_000
  tell({ file: 'config.json', loadedBytes: 10, totalBytes: 10 })
  for (const part of [0, 0.01, 0.1, 0.19, 0.2, 1, 1]) {
    tell({ file, loadedBytes: part * totalBytes, totalBytes })
  }
  tell({ file: 'unknown', loadedBytes: 5, totalBytes: null })
  expect(text.trim().split('\n')).toEqual([
    'downloading model.bin: 0 % of 145 MB',
    'downloading model.bin: 10 % of 145 MB',
    'downloading model.bin: 20 % of 145 MB',
    'downloading model.bin: 100 % of 145 MB',
  ])
})
