import { join } from 'node:path'

import type { BenchCase, Measurement } from '../bench-case.js'
import { cacheFolder } from '../cache-folder.js'
import { closing } from '../closing.js'
import { startAudioDecode } from '../engines/audiodecode.js'
import type { TimedDecode } from '../engines/engine.js'
import { startPython } from '../engines/python.js'
import { mediaFile } from '../media/media-file.js'
import { check } from '../report-lines.js'

const MOST_DB = -90
const BAND = 0.9
const NATIVE_RATE = 44_100

/** Options as librosa.load and librosaLoad take them both; places that are no whole frames are among them. */
const CALLS = [
  { sr: 22_050, mono: true },
  { sr: 16_000, mono: true, offset: 3.123_456_7, duration: 4.765_432_1 },
  { sr: 48_000, mono: false, offset: 1.000_01 },
  { sr: 22_050, mono: false, offset: 12.345_67, duration: 0.777_77 },
  { sr: null, mono: false, offset: 0.333_333, duration: 1.999_999 },
] as const

/** T8: `librosaLoad` against `librosa.load`. */
export const librosaLoadCase: BenchCase = {
  id: 't8',
  title: 'librosaLoad against librosa.load',
  async run() {
    const folder = await cacheFolder('dumps')
    const [ours, librosa] = [startAudioDecode({ threads: 2 }), await startPython('peers')]
    await using _all = closing([ours, librosa])
    const lines: Measurement[] = []
    for (const encoding of ['wav', 'flac', 'mp3-192k'] as const) {
      const file = await mediaFile({ encoding, seconds: 30 })
      for (const options of CALLS) {
        const [left, right] = [join(folder, 'load-ours.f32'), join(folder, 'load-librosa.f32')]
        const mine = await ours.call<TimedDecode>('librosaLoad', { file, options, dump: left })
        const theirs = await librosa.call<TimedDecode>('decode', {
          decoder: 'librosa',
          file,
          options,
          dump: right,
        })
        const isSame =
          mine.frames === theirs.frames &&
          mine.sampleRate === theirs.sampleRate &&
          mine.channels === theirs.channels
        const apart = isSame
          ? await librosa.call<number>('band_difference', {
              left,
              right,
              channels: mine.channels,
              // Below the lower Nyquist frequency: above 0.913 of it each resampler rolls off in its own way.
              band: BAND * Math.min(1, NATIVE_RATE / mine.sampleRate),
            })
          : Number.NaN
        const shape = ({ frames, channels, sampleRate }: TimedDecode): string =>
          `${channels} × ${frames} at ${sampleRate} Hz`
        lines.push(
          check(
            `${encoding} ${JSON.stringify(options)}`,
            isSame
              ? `${shape(mine)}, ${apart.toFixed(1)} dB`
              : `${shape(mine)}, librosa ${shape(theirs)}`,
            `same shape, ≤ ${MOST_DB} dB below ${BAND} of the lower Nyquist`,
            isSame && apart <= MOST_DB,
          ),
        )
      }
    }
    return lines
  },
}
