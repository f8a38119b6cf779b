import { threadBudget } from '@audiodecode/core'

import { checkSignal, flag, whole } from './check-numbers.js'
import type { FrameOptions } from './options.js'

/** Checked options of frames. */
export interface Frames {
  readonly nFft: number
  readonly hopLength: number
  readonly winLength: number
  /** What lies beyond the ends; with 'none' frames are not centred. */
  readonly padding: 'none' | 'constant' | 'reflect'
  readonly inPlace: boolean
  readonly threads: number
  readonly signal: AbortSignal | undefined
}

/** The longest frame: work that is aborted stops between frames, and its transform takes some milliseconds. */
const MAX_FFT = 1 << 18

/** Checks options; `hopOf` gives the default hop for a window. Throws TypeError or RangeError. */
export function checkFrames(options: FrameOptions, hopOf: (winLength: number) => number): Frames {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError('options must be an object')
  }
  const nFft = whole(options.nFft, 'nFft', 2048, 1, MAX_FFT)
  const winLength = whole(options.winLength, 'winLength', nFft, 1, nFft)
  const { padMode = 'constant' } = options
  if (padMode !== 'constant' && padMode !== 'reflect') {
    throw new RangeError(`padMode must be 'constant' or 'reflect', not ${String(padMode)}`)
  }
  return {
    nFft,
    winLength,
    hopLength: whole(options.hopLength, 'hopLength', hopOf(winLength), 1, 0x7fff_ffff),
    padding: flag(options.center, 'center', true) ? padMode : 'none',
    inPlace: flag(options.inPlace, 'inPlace', false),
    threads: whole(options.threads, 'threads', threadBudget(), 1, 65_536),
    signal: checkSignal(options.signal),
  }
}

/** Samples before the middle of a centred frame; 0 when frames are not centred. */
export function leadOf({ nFft, padding }: Frames): number {
  return padding === 'none' ? 0 : Math.floor(nFft / 2)
}

/**
 * Frames of so many samples.
 *
 * @throws RangeError when there is none.
 */
export function countFrames(frames: Frames, samples: number): number {
  const { nFft, hopLength, padding } = frames
  if (padding === 'reflect' && samples === 0) {
    throw new RangeError(
      "there are no samples to reflect; padMode 'constant' gives a frame of zeros",
    )
  }
  const room = samples + 2 * leadOf(frames) - nFft
  if (room < 0) {
    throw new RangeError(
      `${samples} samples are too short for a frame of nFft ${nFft}${padding === 'none' ? '; center: true pads them, or lower nFft' : ''}`,
    )
  }
  return Math.floor(room / hopLength) + 1
}
