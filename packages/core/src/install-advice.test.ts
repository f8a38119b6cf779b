import { expect, test } from 'vitest'

import { adviseInstall, formatName } from './install-advice.js'

const probe = (
  container: string | null,
  codec: string | null,
  extension: string | null = null,
) => ({
  container,
  codec,
  extension,
  header: new Uint8Array(),
})

test.each([
  ['mp3', 'mp3', [], '@audiodecode/backend-rust'],
  ['wav', 'pcm_s16le', ['mine'], '@audiodecode/backend-rust'],
  ['mp4', null, [], '@audiodecode/backend-rust'],
  ['au', 'pcm_mulaw', ['rust'], '@audiodecode/backend-sndfile'],
  ['mp4', 'aac', ['rust'], '@audiodecode/backend-ffmpeg'],
  ['asf', 'wma', ['rust', 'sndfile'], '@audiodecode/backend-ffmpeg'],
  ['wav', 'wma', [], '@audiodecode/backend-ffmpeg'],
  ['flac', 'flac', ['sndfile'], '@audiodecode/backend-ffmpeg'],
  [null, null, ['rust'], '@audiodecode/backend-ffmpeg'],
] as const)('for %s with %s and %j registered: %s', (container, codec, registered, name) => {
  expect(adviseInstall(probe(container, codec), registered)).toContain(`npm i ${name},`)
})

test('nothing is advised when FFmpeg declined, or for what is no audio', () => {
  expect(adviseInstall(probe('asf', 'wma'), ['rust', 'ffmpeg'])).toBeNull()
  expect(adviseInstall(probe('html', null), [])).toBeNull()
  expect(adviseInstall(probe('zip', null, 'mp3'), ['rust'])).toBeNull()
})

test('formats are named as a person would', () => {
  expect(formatName(probe('mp4', 'aac'))).toBe('aac in mp4')
  expect(formatName(probe('flac', 'flac'))).toBe('flac')
  expect(formatName(probe('ogg', null))).toBe('ogg')
  expect(formatName(probe('html', null, 'mp3'))).toBe('html, which is not audio')
  expect(formatName(probe(null, null, 'xyz'))).toBe('content of no known format, named .xyz')
})
