import { expect, test } from 'vitest'

import { WINDOW_FRAMES } from '../engine/speech-model.js'
import { LongMel } from './long-mel.js'
import { cutWindow, logMel } from './mel.js'

const { signal } = new AbortController()

/** Noise that is loudest at the end, with a tone and silences; quiet enough at first to be bounded by what comes later. */
function longAudio(seconds: number): Float32Array {
  const samples = new Float32Array(seconds * 16_000 + 77)
  let state = 1
  for (let index = 0; index < samples.length; index++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    const loudness = 1e-5 * 10 ** ((4 * index) / samples.length)
    const pause = Math.floor(index / 48_000) % 5 === 0 ? 0 : 1
    samples[index] = pause * loudness * (state / 2 ** 31 - 1 + Math.sin(index / 20))
  }
  return samples
}

// Stretches of 700 frames; windows begin in them, end in them, and lie across several.
test.each([
  [0, 1700],
  [123, 400],
  [650, 1500],
  [699, 2],
  [700, 3000],
  [2400, 51],
])('frames from %i on, %i of them, are those of the whole spectrogram', async (start, count) => {
  const samples = longAudio(25)
  const whole = await logMel(samples, 80, signal)
  const mel = await LongMel.of(samples, 80, signal, 700)
  expect(mel.frames).toBe(whole.frames)
  const expected = cutWindow(whole, start, Math.min(count, whole.frames - start))
  const window = await mel.window(start, count, WINDOW_FRAMES, signal)
  expect(window).toHaveLength(80 * WINDOW_FRAMES)
  const farthest = window.reduce(
    (most, value, index) => Math.max(most, Math.abs(value - (expected[index] ?? 0))),
    0,
  )
  expect(farthest).toBeLessThan(1e-5)
})
