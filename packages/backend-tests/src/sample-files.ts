import { readFileSync } from 'node:fs'

import type { ConformanceSample } from './conformance-sample.js'
import { signalSamples } from './sample-signal.js'

/** An entry of samples/manifest.json, which make-samples.mjs writes. */
interface Entry {
  readonly file: string
  readonly format: string
  readonly container: string
  readonly codec: string
  readonly sampleRate: number
  readonly channels: number
  readonly frames: number
  readonly reference: { readonly signal: 8 | 16 | 24 } | { readonly file: string }
  readonly bound: number
  readonly checksummed?: boolean
  readonly unmeasured?: boolean
  readonly repeatable?: boolean
}

const read = (file: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../samples/${file}`, import.meta.url)))

/** The encoded files that come with this package. */
export function sampleFiles(): readonly ConformanceSample[] {
  const entries = JSON.parse(new TextDecoder().decode(read('manifest.json'))) as readonly Entry[]
  return entries.map(toSample)
}

function toSample(entry: Entry): ConformanceSample {
  const { file, reference, repeatable, ...facts } = entry
  return {
    ...facts,
    name: file,
    extension: file.slice(file.lastIndexOf('.') + 1),
    bytes: () => read(file),
    reference: () =>
      'signal' in reference ? signalSamples(entry, reference.signal) : packed(read(reference.file)),
    ...(repeatable === true ? { repeat: (times: number) => repeated(read(file), times) } : {}),
  }
}

/** Little-endian, signed 24-bit numbers as floats. */
function packed(bytes: Uint8Array): Float32Array {
  return Float32Array.from({ length: bytes.length / 3 }, (_, i) => {
    const at = i * 3
    const low = (bytes[at] as number) | ((bytes[at + 1] as number) << 8)
    return (low | (((bytes[at + 2] as number) << 24) >> 8)) / 2 ** 23
  })
}

function repeated(once: Uint8Array, times: number): Uint8Array {
  const all = new Uint8Array(once.length * times)
  for (let i = 0; i < times; i++) all.set(once, i * once.length)
  return all
}
