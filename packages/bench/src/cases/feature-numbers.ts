import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import type { BenchCase, Measurement } from '../bench-case.js'
import { cacheFolder } from '../cache-folder.js'
import { closing } from '../closing.js'
import { startAudioDecode } from '../engines/audiodecode.js'
import { startPython } from '../engines/python.js'
import { mediaFile } from '../media/media-file.js'
import { readDump } from '../read-dump.js'
import { check } from '../report-lines.js'

const RATE = 22_050
const MOST = 1e-4
const FUNCTIONS = ['melSpectrogram', 'logMelSpectrogram', 'mfcc', 'delta']

/** T7: the numbers of features against librosa's, of the same samples. */
export const featureNumbers: BenchCase = {
  id: 't7',
  title: 'numbers of mel, decibels, MFCC and delta against librosa, on the same samples',
  async run() {
    const folder = await cacheFolder('dumps')
    const [ours, librosa] = [startAudioDecode({ threads: 2 }), await startPython('peers')]
    await using _all = closing([ours, librosa])
    const lines: Measurement[] = []
    for (const [subject, file] of [
      ['music', await mediaFile({ encoding: 'wav', seconds: 30 })],
      ['speech', fileURLToPath(new URL('../../../fixtures/jfk.flac', import.meta.url))],
    ] as const) {
      const samples = join(folder, `numbers-${subject}.f32`)
      await ours.call('load', { file, options: { sampleRate: RATE, mono: true }, dump: samples })
      for (const name of FUNCTIONS) {
        const [left, right] = [join(folder, 'numbers-a.f32'), join(folder, 'numbers-b.f32')]
        await ours.call('feature', { name, samples, sampleRate: RATE, dump: left })
        await librosa.call('feature', { name, samples, sampleRate: RATE, dump: right })
        lines.push(compare(`${name} of ${subject}`, await readDump(left), await readDump(right)))
      }
    }
    return lines
  },
}

function compare(subject: string, ours: Float32Array, librosa: Float32Array): Measurement {
  let [largest, difference] = [0, 0]
  for (const [i, value] of librosa.entries()) {
    largest = Math.max(largest, Math.abs(value))
    const apart = Math.abs((ours[i] ?? Number.NaN) - value)
    // Also kept when it is no number.
    if (!(apart <= difference)) difference = apart
  }
  const share = difference / largest
  return check(
    `${subject}: ${librosa.length} numbers`,
    `at most ${share.toExponential(1)} of the largest apart`,
    `≤ ${MOST} of the largest, as many numbers`,
    ours.length === librosa.length && share <= MOST,
  )
}
