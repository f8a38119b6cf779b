import { stat } from 'node:fs/promises'

import type { AudioData, LoadOptions } from '@audiodecode/core'

import { CliError } from '../cli-error.js'
import { createFindings } from '../findings.js'
import type { FeatureCall, FeatureMatrix, FeaturesModule } from '../load-features.js'
import { npyHeader } from '../output/npy-header.js'
import type { FeatureKind } from './feature-kind.js'
import type { FeatureStore } from './feature-store.js'
import type { FoundFile } from './find-audio-files.js'
import type { SampleMemory } from './sample-memory.js'

/** What is the same for all files. */
export interface FeatureJob {
  readonly kind: FeatureKind
  readonly features: FeaturesModule
  readonly store: FeatureStore
  readonly memory: SampleMemory
  /** How files are opened. */
  readonly open: Omit<
    LoadOptions,
    'out' | 'offset' | 'duration' | 'sampleRate' | 'mono' | 'quality'
  >
  /** Of resampling. */
  readonly quality: 'best' | 'fast'
  /** All that decides the numbers. */
  readonly notation: string
  /** Whether damaged and truncated files fail. */
  readonly strict: boolean
  /** Compute again what is there. */
  readonly force: boolean
  readonly threads: number | undefined
}

/** What became of a file that did not fail. */
export interface FeatureResult {
  readonly isSkipped: boolean
  readonly audioSeconds: number
  readonly warnings: readonly string[]
}

/** Features of one file, unless they are in the store already. */
export async function computeFile(
  { path, name }: FoundFile,
  job: FeatureJob,
): Promise<FeatureResult> {
  const { kind, memory, open, quality, store, features, notation } = job
  const input = await identity(path)
  const output = { name, input, options: notation }
  if (!job.force && (await store.has(output))) {
    return { isSkipped: true, audioSeconds: 0, warnings: [] }
  }
  const threads = job.threads === undefined ? {} : { threads: job.threads }
  const options = {
    ...open,
    ...threads,
    mono: true,
    quality,
    ...(kind.sampleRate === undefined ? {} : { sampleRate: kind.sampleRate }),
  }
  const { signal } = open
  const call = { ...threads, ...(signal === undefined ? {} : { signal }) }
  const { matrix, audioSeconds, warnings } = await memory.load(path, options, async (audio) => {
    const findings = createFindings(audio.sampleRate)
    findings.add(audio)
    const warnings = findings.lines()
    if (job.strict && findings.hasAny()) {
      throw new CliError(`${warnings.join('; ')}; nothing was written (--strict)`)
    }
    const inPlace = audio.data.buffer instanceof SharedArrayBuffer
    const matrix = await compute(kind, features, audio, { ...call, inPlace })
    return { matrix, audioSeconds: audio.durationSeconds, warnings }
  })
  if ((await identity(path)) !== input) throw new CliError('changed while it was read')
  const { data, shape } = matrix
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  await store.put(output, [npyHeader(...shape), bytes])
  return { isSkipped: false, audioSeconds, warnings }
}

/** What is wrong with the samples of one file is that file's failure, not a bug. */
async function compute(
  kind: FeatureKind,
  features: FeaturesModule,
  audio: AudioData,
  call: FeatureCall,
): Promise<FeatureMatrix> {
  try {
    return await kind.compute(features, audio, call)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new CliError(error.message, { cause: error })
  }
}

async function identity(path: string): Promise<string> {
  const { size, mtimeNs } = await stat(path, { bigint: true })
  return `${size}:${mtimeNs}`
}
