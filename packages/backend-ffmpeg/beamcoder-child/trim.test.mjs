import { expect, test } from 'vitest'

import { endOf, lead, promised } from './trim.mjs'

const mp4 = (ticks, more = {}) => ({
  container: 'mp4',
  rate: 44_100,
  framesPerTick: 1,
  ticks,
  microseconds: null,
  smpb: null,
  lastGranule: null,
  table: { ticks: ticks + 2112, timescale: 44_100 },
  ...more,
})

test('an edited MP4 ends where its edit does, and one without an edit where its packets do', () => {
  expect(endOf(mp4(22_050), { start: 2112, lead: 0 })).toBe(22_050)
  expect(endOf(mp4(22_050), { start: 0, lead: 0 })).toBeNull()
  expect(endOf(mp4(22_050, { container: 'matroska' }), { start: 2112, lead: 0 })).toBeNull()
})

test('the table of packets sharpens an edit of milliseconds, and does not replace one that says something else', () => {
  const table = { ticks: 22_049 + 2112, timescale: 44_100 }
  expect(endOf(mp4(22_050, { table }), { start: 2112, lead: 0 })).toBe(22_049)
  expect(endOf(mp4(21_000, { table }), { start: 2112, lead: 0 })).toBe(21_000)
  expect(endOf(mp4(22_050, { table: null }), { start: 2112, lead: 0 })).toBeNull()
})

test('the length of iTunes is taken with its delay only', () => {
  // 0x840 = 2112, 0x56D6 = 22230.
  const facts = mp4(99_000, { smpb: ' 00000000 00000840 000001CA 00000000000056D6 00000000' })
  expect(endOf(facts, { start: 2112, lead: 0 })).toBe(22_230)
  expect(endOf(facts, { start: 1024, lead: 0 })).toBe(99_000)
})

test('Vorbis ends with its last page, unless the stream starts late', () => {
  const vorbis = { ...mp4(6000), container: 'ogg' }
  expect(endOf({ ...vorbis, lastGranule: 6000 }, { start: 0, lead: 0 })).toBe(6000)
  expect(endOf({ ...vorbis, lastGranule: 7000 }, { start: 0, lead: 0 })).toBeNull()
  expect(endOf(vorbis, { start: 0, lead: 0 })).toBeNull()
})

test('times below zero are a lead in MP4 alone, up to a second', () => {
  expect(lead(mp4(1), -1024)).toBe(1024)
  expect(lead(mp4(1), 1024)).toBe(0)
  expect(lead(mp4(1), -44_101)).toBe(0)
  expect(lead(mp4(1), null)).toBe(0)
  expect(lead({ ...mp4(1), container: 'matroska' }, -7)).toBe(0)
})

test('ticks become frames to the nearest, and microseconds do where there are no ticks', () => {
  expect(promised({ ticks: 501, framesPerTick: 44.1, rate: 44_100 })).toBe(22_094)
  expect(promised({ ticks: null, microseconds: 1_000_011, rate: 44_100 })).toBe(44_100)
  expect(promised({ ticks: null, microseconds: null, rate: 44_100 })).toBeNull()
})
