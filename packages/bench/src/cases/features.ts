import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { BenchCase, Measurement } from '../bench-case.js'
import { cacheFolder } from '../cache-folder.js'
import { closing } from '../closing.js'
import { comparePcm } from '../compare-pcm.js'
import { startAudioDecode } from '../engines/audiodecode.js'
import type { Engine } from '../engines/engine.js'
import { startPython } from '../engines/python.js'
import { interleave } from '../interleave.js'
import { mediaFile } from '../media/media-file.js'
import { check, peerLine, timeLine } from '../report-lines.js'

const RATE = 22_050
/** A run takes some milliseconds: the median needs more of them. */
const RUNS_EACH = 10
/** How far the numbers may be apart, RMS: single precision. */
const TOLERANCE_DB = -110

/** T1: MFCC of 30 s against librosa. */
export const mfccSpeed: BenchCase = {
  id: 't1',
  title: 'MFCC-20 of 30 s at 22,050 Hz',
  run: async ({ runs }) => race([['mfcc', 3.5]], runs),
}

/** T2: mel spectrogram of 30 s against librosa. */
export const melSpeed: BenchCase = {
  id: 't2',
  title: 'mel spectrogram of 30 s at 22,050 Hz',
  run: async ({ runs }) => race([['melSpectrogram', 3.5]], runs),
}

/** What T1 and T2 leave out. */
export const features: BenchCase = {
  id: 'features',
  title: 'STFT and log-mel spectrogram of 30 s at 22,050 Hz',
  run: async ({ runs }) =>
    race(
      [
        ['logMelSpectrogram', null],
        ['stft', null],
      ],
      runs,
    ),
}

/** Functions, and how many times as fast as librosa each has to be with one thread; null informs. */
async function race(
  functions: readonly (readonly [name: string, atLeast: number | null])[],
  runs: number,
): Promise<readonly Measurement[]> {
  const file = await mediaFile({ encoding: 'wav', seconds: 30 })
  const folder = await cacheFolder('dumps')
  const samples = join(folder, 'features-input.f32')
  const [one, two] = [startAudioDecode({ threads: 1 }), startAudioDecode({ threads: 2 })]
  const librosa = await startPython('peers')
  await using _all = closing([one, two, librosa])
  await one.call('load', { file, options: { sampleRate: RATE, mono: true }, dump: samples })
  const lines: Measurement[] = []
  for (const [name, atLeast] of functions) {
    const compute = async (engine: Engine, dump?: string): Promise<number> =>
      (await engine.call<{ ms: number }>('feature', { name, samples, sampleRate: RATE, dump })).ms
    const dumps = [join(folder, 'features-ours.f32'), join(folder, 'features-librosa.f32')] as const
    await compute(one, dumps[0])
    await compute(librosa, dumps[1])
    lines.push(await compareDumps(name, dumps))
    const contenders = [
      { name: 'AudioDecode, 1 thread', time: async () => compute(one) },
      { name: 'AudioDecode, 2 threads', time: async () => compute(two) },
      { name: 'librosa', time: async () => compute(librosa) },
    ]
    const times = await interleave(contenders, runs * RUNS_EACH)
    const [first, second, peer] = times
    lines.push(...times.map((timed) => timeLine(name, timed)))
    lines.push(peerLine(name, first, peer, atLeast), peerLine(name, second, peer, null))
  }
  return lines
}

async function compareDumps(name: string, dumps: readonly [string, string]): Promise<Measurement> {
  const [ours, peer] = await Promise.all(
    dumps.map(async (dump) => {
      const { buffer } = new Uint8Array(await readFile(dump))
      return { samples: new Float32Array(buffer), channels: 1 }
    }),
  )
  const { extraFrames, maxAbsolute, relativeDb } = comparePcm(ours!, peer!)
  const loudest = peer!.samples.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  return check(
    `${name}: against librosa's numbers`,
    `${relativeDb.toFixed(1)} dB RMS, at most ${(maxAbsolute / loudest).toExponential(1)} of the largest`,
    `≤ ${TOLERANCE_DB} dB, as many numbers`,
    extraFrames === 0 && relativeDb <= TOLERANCE_DB,
  )
}
