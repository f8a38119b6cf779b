import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'

import type { Measurement } from './bench-case.js'
import { cacheFolder } from './cache-folder.js'
import { comparePcm } from './compare-pcm.js'
import type { Pcm } from './compare-pcm.js'
import type { Decoder } from './engines/decoder.js'
import { check } from './report-lines.js'

/** How far a peer may be from us before a comparison of speed means nothing. */
export interface OutputTolerance {
  /** Largest difference of a sample: 0 for lossless codecs, rounding for the others. */
  readonly maxAbsolute?: number
  /** RMS of the difference over RMS of the signal, in dB, for peers that resample with another filter. */
  readonly relativeDb?: number
  /** Frames a peer may have more or less: FFmpeg does not trim the end of AAC. */
  readonly extraFrames: number
}

/** Tolerances by the beginning of the peer's name; a peer without one must give our samples exactly. */
export type Tolerances = Readonly<Record<string, OutputTolerance>>

function toleranceFor(name: string, tolerances: Tolerances): OutputTolerance {
  const found = Object.keys(tolerances).find((prefix) => name.startsWith(prefix))
  return (found === undefined ? undefined : tolerances[found]) ?? { maxAbsolute: 0, extraFrames: 0 }
}

/** Decodes the file once with each and holds every peer's samples against ours. */
export async function checkOutputs(options: {
  readonly subject: string
  readonly file: string
  readonly ours: Decoder
  readonly peers: readonly Decoder[]
  readonly tolerances: Tolerances
}): Promise<readonly Measurement[]> {
  const { subject, file } = options
  const ours = await samplesOf(options.ours, file)
  const lines: Measurement[] = []
  for (const peer of options.peers) {
    const tolerance = toleranceFor(peer.name, options.tolerances)
    const theirs = await samplesOf(peer, file)
    const { extraFrames, maxAbsolute, relativeDb } = comparePcm(ours, theirs)
    const frames = ours.samples.length / ours.channels
    const { maxAbsolute: most = Infinity, relativeDb: loudest = Infinity } = tolerance
    const bars = [
      most === Infinity ? '' : `≤ ${most.toExponential(1)}, `,
      loudest === Infinity ? '' : `≤ ${loudest} dB, `,
    ]
    lines.push(
      check(
        `${subject}: output of ${peer.name}`,
        `${frames - extraFrames} frames (ours ${frames}), differs by ${maxAbsolute.toExponential(1)} at most, ${relativeDb.toFixed(0)} dB`,
        `${bars.join('')}± ${tolerance.extraFrames} frames`,
        Math.abs(extraFrames) <= tolerance.extraFrames &&
          maxAbsolute <= most &&
          relativeDb <= loudest,
      ),
    )
  }
  return lines
}

/** Whether another number of threads gives the same bits. */
export async function checkIdentical(
  subject: string,
  file: string,
  [first, second]: readonly [Decoder, Decoder],
): Promise<Measurement> {
  const bytes = ({ samples }: Pcm): Buffer =>
    Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength)
  const equal = bytes(await samplesOf(first, file)).equals(bytes(await samplesOf(second, file)))
  const name = `${subject}: bits of ${second.name}`
  return check(name, equal ? 'identical' : 'different', `those of ${first.name}`, equal)
}

async function samplesOf(decoder: Decoder, file: string): Promise<Pcm> {
  const target = join(await cacheFolder('dumps'), `${process.pid}.f32`)
  const { channels } = await decoder.dump(file, target)
  const bytes = await readFile(target)
  await rm(target)
  return {
    channels,
    samples: new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4),
  }
}
