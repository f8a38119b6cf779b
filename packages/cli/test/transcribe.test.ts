import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { load } from '@audiodecode/core'
import '@audiodecode/backend-rust'
import { describe, expect, test } from 'vitest'

import { runCaptured } from './run-captured.js'
import { useWorkFolder } from './work-folder.js'

const work = useWorkFolder()
const jfk = fileURLToPath(new URL('../../../fixtures/jfk.flac', import.meta.url))
const models = process.env['AUDIODECODE_MODELS'] || join(homedir(), '.cache/audiodecode/models')
const model = join(models, 'tiny.en')

test.each([
  [['transcribe'], 'no FILE given'],
  [
    ['transcribe', 'a.mp3', '--format', 'doc'],
    '--format must be of txt, srt, vtt, tsv, json, not "doc"',
  ],
  [['transcribe', 'a.mp3', '--format', 'srt,vtt'], 'several formats need a folder'],
  [['transcribe', 'a.mp3', '--vad', 'maybe'], '--vad must be auto, on or off'],
  [['transcribe', 'a.mp3', '--beam', '0'], '--beam must be'],
  [['transcribe', 'a.mp3', '--live', '--words'], '--live prints text as it comes'],
  [['transcribe', 'a.mp3', '--live', '-o', 'out'], '--live prints text as it comes'],
  [['transcribe', 'a.mp3', '--live', '--format', 'srt'], '--live prints text as it comes'],
  [['transcribe', 'a.mp3', '--temperature', 'hot'], '--temperature must be numbers'],
  [['transcribe', 'a/x.mp3', 'b/x.wav', '-o', 'out'], 'would both become'],
])('%j is a mistake that is explained', async (argv, message) => {
  const { code, stdout, stderr } = await runCaptured(argv)
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toContain(message)
})

test('a model that is not there is told', async () => {
  const { code, stderr } = await runCaptured(['transcribe', jfk, '--model', 'no-such-model'])
  expect(code).toBe(1)
  expect(stderr).toContain('There is no model "no-such-model"')
})

describe.skipIf(!existsSync(join(model, 'model.bin')))('with a model', { timeout: 60_000 }, () => {
  const options = ['--model', model, '--beam', '1']

  test('what is said goes to standard output, and the speed to stderr', async () => {
    const { code, stdout, stderr } = await runCaptured(['transcribe', jfk, ...options])
    expect(code).toBe(0)
    expect(stdout).toContain('ask not what your country can do for you')
    expect(stderr).toMatch(/jfk\.flac {2}11\.000 s, en, in .*× real time/)
  })

  test('files of every format are written into a folder, which is made', async () => {
    const folder = work.at('out')
    const formats = ['txt', 'srt', 'vtt', 'tsv', 'json']
    const argv = ['transcribe', jfk, ...options, '--words', '-o', folder, '-q']
    const { code, stdout, stderr } = await runCaptured([...argv, '--format', formats.join(',')])
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '', stderr: '' })
    const text = (format: string): string => readFileSync(join(folder, `jfk.${format}`), 'utf8')
    for (const format of formats) expect(text(format), format).toContain('fellow')
    expect(text('srt')).toMatch(/^1\n00:00:00,\d{3} --> 00:00:/)
    expect(text('vtt')).toMatch(/^WEBVTT\n\n/)
    const { segments } = JSON.parse(text('json')) as { segments: { words: { word: string }[] }[] }
    expect(segments[0]?.words.map(({ word }) => word)).toContain(' fellow')
  })

  const said = 'what your country can do for you'

  test('a file is printed live, a sentence a line', async () => {
    const { code, stdout, stderr } = await runCaptured(['transcribe', '--live', jfk, ...options])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain(said)
    expect(stdout).toMatch(/^And so.*\.\n$/s)
  })

  test('raw samples that come on standard input are printed live', async () => {
    const audio = await load(jfk, { sampleRate: 16_000, mono: true })
    const values = Int16Array.from(audio.channelData[0] ?? [], (sample) => 32_767 * sample)
    // Cut within a sample, as a pipe may.
    const input = new Uint8Array(values.buffer).subarray(0, 2 * values.length - 1)
    const argv = ['transcribe', '--live', '-', ...options]
    const { code, stdout, stderr } = await runCaptured(argv, { input })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain(said)
  })

  test('an option that is not for live audio is a mistake in the arguments', async () => {
    const argv = ['transcribe', '--live', jfk, ...options, '-l', 'klingon']
    const { code, stdout, stderr } = await runCaptured(argv)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain('klingon')
  })

  test('an option that the model refuses is a mistake in the arguments', async () => {
    const { code, stdout, stderr } = await runCaptured([
      'transcribe',
      jfk,
      ...options,
      '-l',
      'klingon',
    ])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain('klingon')
  })

  test('a track that a file lacks is the mistake of that file alone', async () => {
    const argv = ['transcribe', jfk, ...options, '--track', '7']
    const { code, stderr } = await runCaptured(argv)
    expect(code).toBe(1)
    expect(stderr).toContain('jfk.flac: ')
  })

  test('a file that fails does not keep others from being transcribed', async () => {
    const { code, stdout, stderr } = await runCaptured(['transcribe', 'gone.mp3', jfk, ...options])
    expect(code).toBe(1)
    expect(stderr).toContain('audiodecode: gone.mp3: ')
    expect(stdout).toContain('fellow Americans')
  })
})
