import { expect, test } from 'vitest'

import { drawPeaks, renderWaveform } from './waveform.js'

const audio = (
  samples: number[],
  sampleRate: number,
  startSeconds = 0,
): Parameters<typeof renderWaveform>[0] => ({
  channelData: [Float32Array.from(samples)],
  frames: samples.length,
  durationSeconds: samples.length / sampleRate,
  startSeconds,
})

test('each column is as high as its loudest sample, in eighths of a line', () => {
  const picture = renderWaveform(audio([0, 0.25, -0.5, 1], 1), { columns: 4, rows: 2 })
  // Two lines of eight levels: 0, 4, 8 and 16 of 16.
  expect(picture.split('\n').slice(0, 2)).toEqual(['   █', ' ▄██'])
})

test('the loudest channel counts', () => {
  const two = { ...audio([0, 0], 1), channelData: [new Float32Array(2), Float32Array.of(0, -1)] }
  expect(renderWaveform(two, { columns: 2, rows: 1 }).split('\n')[0]).toBe(' █')
})

test('what is louder than full scale stays in the picture', () => {
  expect(renderWaveform(audio([3], 1), { columns: 3, rows: 1 }).split('\n')[0]).toBe('███')
})

test('only digital silence shows nothing', () => {
  expect(renderWaveform(audio([1e-6, 0], 1), { columns: 2, rows: 1 }).split('\n')[0]).toBe('▁')
})

test('the axis has its ticks at round seconds of the source', () => {
  const samples = Array.from({ length: 480 }, () => 0.5)
  const lines = renderWaveform(audio(samples, 48, 3), { columns: 60, rows: 1 }).split('\n')
  // Ten seconds from 3 s on 60 columns: 6 columns a second, a tick every 2 s, beginning at 4 s.
  expect(lines[1]).toBe(`${'─'.repeat(6)}${`┬${'─'.repeat(11)}`.repeat(4)}┬${'─'.repeat(5)}`)
  expect(lines[2]).toBe('      4 s         6 s         8 s         10 s        12 s')
})

test('every line fits the columns', () => {
  for (const columns of [1, 2, 7, 40, 200]) {
    for (const seconds of [0.001, 1, 59.9, 86_400]) {
      const picture = drawPeaks(Float32Array.of(0.3, 0.9, 0.1), {
        columns,
        durationSeconds: seconds,
        startSeconds: 0,
      })
      for (const line of picture.split('\n')) expect(line.length).toBeLessThanOrEqual(columns)
    }
  }
})

test('no samples make no picture and no endless axis', () => {
  expect(renderWaveform(audio([], 8000))).toBe('(no samples)')
})
