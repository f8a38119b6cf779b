import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, expect, test } from 'vitest'

import { fileFacts } from './file-facts.mjs'
import { notAudio } from './sniff.mjs'

const folder = mkdtempSync(join(tmpdir(), 'audiodecode-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Looks at these bytes as a file. */
function look(bytes, how) {
  const path = join(folder, 'file')
  writeFileSync(path, bytes)
  const file = openSync(path)
  try {
    return how(file)
  } finally {
    closeSync(file)
  }
}

const facts = (bytes, container = 'wav', track = 1) =>
  look(bytes, (file) => fileFacts(file, container, track))
const sample = (name) =>
  readFileSync(new URL(`../../backend-tests/samples/${name}`, import.meta.url))

test('a form is cut when it says more bytes than there are', () => {
  const form = (head) => Buffer.concat([Buffer.from(head, 'latin1'), Buffer.alloc(92)])
  for (const [head, cut] of [
    ['RIFF\x5c\0\0\0', false],
    ['RIFF\x65\0\0\0', true],
    ['FORM\0\0\0\x5c', false],
    ['FORM\0\0\x01\0', true],
    ['RIFF\xff\xff\xff\xff', false],
    ['RF64\x65\0\0\0', false],
  ]) {
    expect([head, facts(form(head)).isCut]).toEqual([head, cut])
  }
  expect(facts(sample('s16.caf'), 'caf').isCut).toBe(false)
  expect(facts(sample('s16.caf').subarray(0, -1), 'caf').isCut).toBe(true)
})

test('the pages of an Ogg file tell its end, and a wrong byte where it lies', () => {
  const whole = sample('stereo.ogg')
  expect(facts(whole, 'ogg')).toMatchObject({ isCut: false, lostPages: [], lastGranule: 13_230 })
  expect(facts(whole.subarray(0, -1), 'ogg')).toMatchObject({ isCut: true, lastGranule: null })
  const pages = [...whole.toString('latin1').matchAll(/OggS/g)].map(({ index }) => index)
  for (const [number, start] of pages.entries()) {
    const broken = Buffer.from(whole)
    broken[start + 40] ^= 1
    const { lostPages, isCut } = facts(broken, 'ogg')
    // The last page is only missed, since no other follows it.
    if (number === pages.length - 1) expect(isCut).toBe(true)
    else expect(lostPages).toMatchObject([{ byteOffset: start }])
  }
  const other = readFileSync(new URL('../../../fixtures/formats/vorbis.ogg', import.meta.url))
  expect(facts(other, 'ogg')).toMatchObject({ lastGranule: 22_050 })
  expect(facts(Buffer.concat([whole, other]), 'ogg')).toMatchObject({
    lostPages: [],
    lastGranule: null,
  })
})

test('garbage between pages, and as much of it as no page is long, is one damaged place', () => {
  const whole = sample('stereo.ogg')
  const second = whole.indexOf('OggS', 4, 'latin1')
  const garbage = Buffer.alloc(3 << 20, 'Og')
  const file = Buffer.concat([whole.subarray(0, second), garbage, whole.subarray(second)])
  expect(facts(file, 'ogg')).toMatchObject({ isCut: false, lostPages: [{ byteOffset: second }] })
})

test('the table of an MP4 gives the length of the wanted track, and a byte too few is a cut file', () => {
  const whole = sample('stereo.m4a')
  // 14 packets of 1,024 frames, the last one shorter: 1,024 before the signal and 13,230 of it.
  expect(facts(whole, 'mp4')).toMatchObject({
    isCut: false,
    table: { ticks: 14_254, timescale: 44_100 },
  })
  expect(facts(whole, 'mp4', 2).table).toBeNull()
  expect(facts(whole.subarray(0, -1), 'mp4').isCut).toBe(true)
})

test('forged sizes of boxes end the search', () => {
  for (const bytes of [
    '\0\0\0\x08moo',
    '\0\0\0\x03moov',
    '\xff\xff\xff\xffmoov',
    '\0\0\0\0moov\0\0\0\x09trak',
    '',
  ]) {
    expect(facts(Buffer.from(bytes, 'latin1'), 'mp4').table).toBeNull()
  }
})

test('what is certainly no audio is told, and audio never is', () => {
  for (const bytes of [
    '',
    'RIF',
    '#EXTM3U\n',
    '\x89PNG\r\n',
    '%PDF-1.4',
    '\0'.repeat(600),
    'RIFX\0\0\0\0WAVE',
  ]) {
    expect([bytes, look(Buffer.from(bytes, 'latin1'), notAudio)]).not.toEqual([bytes, null])
  }
  for (const name of [
    's24.wav',
    'untagged.mp3',
    'stereo.ogg',
    'mono.aac',
    'stereo.m4a',
    'stereo.ac3',
  ]) {
    expect([name, look(sample(name), notAudio)]).toEqual([name, null])
  }
  expect(look(Buffer.from(`NIST_1A\n   1024\n${' '.repeat(600)}`), notAudio)).toBeNull()
})
