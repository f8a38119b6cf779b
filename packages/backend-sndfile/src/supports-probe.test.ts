import { expect, test } from 'vitest'

import { supportsProbe } from './supports-probe.js'

test('what only the installed library knows is left to it', () => {
  for (const container of [
    'wav',
    'flac',
    'ogg',
    'mp3',
    'nist',
    'ircam',
    'voc',
    'au',
    'something new',
  ]) {
    expect(supportsProbe({ container })).toBe(true)
  }
  expect(supportsProbe({ container: null })).toBe(true)
})

test('what no version reads is declined without asking', () => {
  for (const container of ['mp4', 'matroska', 'adts', 'wavpack']) {
    expect(supportsProbe({ container })).toBe(false)
  }
})
