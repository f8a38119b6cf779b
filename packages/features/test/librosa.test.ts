import type { Samples } from '@audiodecode/core'
import { expect, test } from 'vitest'

import { delta, logMelSpectrogram, melSpectrogram, mfcc, stft } from '../src/index.js'
import type { FeatureMatrix, FrameOptions, LogMelOptions, MfccOptions } from '../src/index.js'
import { compare, references, signal } from './reference.js'

interface LibrosaCase {
  readonly function: 'stft' | 'melSpectrogram' | 'logMelSpectrogram' | 'mfcc' | 'delta'
  readonly signal: 'speech' | 'music' | 'other music'
  readonly frames: number
  readonly options: FrameOptions & LogMelOptions & MfccOptions
  readonly part?: 're' | 'im'
}

const { cases, values } = references<LibrosaCase>('librosa')
const [speech] = signal('speech')
const [music, otherMusic] = signal('music')
const signals = { speech: speech!, music: music!, 'other music': otherMusic! }

function audioOf(given: LibrosaCase): Samples {
  const { samples, sampleRate } = signals[given.signal]
  return { samples: samples.slice(0, given.frames), sampleRate }
}

async function compute(given: LibrosaCase): Promise<Pick<FeatureMatrix, 'data' | 'shape'>> {
  const audio = audioOf(given)
  switch (given.function) {
    case 'stft': {
      const spectrogram = await stft(audio, given.options)
      return { data: spectrogram[given.part!], shape: spectrogram.shape }
    }
    case 'melSpectrogram':
      return melSpectrogram(audio, given.options)
    case 'logMelSpectrogram':
      return logMelSpectrogram(audio, given.options)
    case 'mfcc':
      return mfcc(audio, given.options)
    case 'delta':
      return delta(await mfcc(audio), given.options as never)
  }
}

/** The case in a few words. */
function nameOf({ function: name, part, frames, signal, options }: LibrosaCase): string {
  return `${name} ${part ?? ''} of ${frames} samples of ${signal} with ${JSON.stringify(options)}`
}

/**
 * How far a value may be away from librosa's, given the loudest of its matrix. Both sum 32-bit powers, ours of a
 * spectrum in single precision: what is 70 dB below the loudest is right to 1e-4 of itself, and what is quieter no further away than that.
 */
function tolerance(given: LibrosaCase, theirs: number, loudest: number): number {
  const { power = 2, topDb = 80 } = given.options
  switch (given.function) {
    case 'stft':
      return 1e-7 * loudest
    case 'melSpectrogram':
      return 1e-4 * Math.max(Math.abs(theirs), loudest * 10 ** (-3.5 * power))
    case 'logMelSpectrogram':
      // Without a bound there are values 130 dB below the loudest.
      return (topDb === null || power === 1 ? 1e-4 : 1e-5) * loudest
    case 'mfcc':
      return 1e-6 * loudest
    case 'delta':
      return 1e-5 * loudest
  }
}

test.each(cases.map((given) => ({ ...given, name: nameOf(given) })))(
  '$name is what librosa gives',
  async (given) => {
    const { data, shape } = await compute(given)
    expect(shape).toEqual(given.shape)
    let loudest = 0
    compare(data, given, values, (_, theirs) => {
      loudest = Math.max(loudest, Math.abs(theirs))
    })
    let worst = 0
    const count = compare(data, given, values, (ours, theirs) => {
      const allowed = tolerance(given, theirs, loudest)
      worst = Math.max(worst, Math.abs(ours - theirs) / allowed)
    })
    expect(count).toBeGreaterThan(0)
    expect(loudest).toBeGreaterThan(0)
    expect(worst).toBeLessThanOrEqual(1)
  },
)
