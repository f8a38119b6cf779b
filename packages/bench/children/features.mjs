// Features of samples that were written to a file, so that every engine has the same.
import { readFile, writeFile } from 'node:fs/promises'

import { delta, logMelSpectrogram, melSpectrogram, mfcc, stft } from '@audiodecode/features'

import { timed } from './line-protocol.mjs'

const functions = {
  stft,
  melSpectrogram,
  logMelSpectrogram,
  mfcc,
  delta: async (audio) => delta(await mfcc(audio)),
}
const signals = new Map()

/** Times one call, with defaults; with `dump`, writes the numbers to that file. */
export async function feature({ name, samples, sampleRate, dump }) {
  if (!signals.has(samples)) {
    const { buffer } = new Uint8Array(await readFile(samples))
    signals.set(samples, { samples: new Float32Array(buffer), sampleRate })
  }
  const { ms, value } = await timed(() => functions[name](signals.get(samples)))
  if (dump !== undefined) await writeFile(dump, value.data ?? value.re)
  return { ms, shape: value.shape }
}
