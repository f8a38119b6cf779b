import type { AudioData, Samples } from '@audiodecode/core'

import { CliError, usageError } from '../cli-error.js'
import type { FeatureCall, FeatureMatrix, FeaturesModule } from '../load-features.js'
import { parseCount } from '../parse-values.js'

/** Options that say what to compute. */
export const featureArgs = {
  mfcc: { type: 'string', valueHint: 'n', description: 'This many MFCC' },
  mel: {
    type: 'string',
    valueHint: 'n',
    description: 'A mel spectrogram of n bands; with --mfcc the bands below (default 128)',
  },
  'log-mel': { type: 'boolean', description: 'The mel spectrogram in decibels, the loudest 80' },
  'sample-rate': {
    type: 'string',
    alias: 'r',
    valueHint: 'hz',
    description: "Resample to this first (default 22050); native is each file's own",
  },
  'n-fft': { type: 'string', valueHint: 'n', description: 'Samples in a frame (default 2048)' },
  hop: {
    type: 'string',
    valueHint: 'n',
    description: 'Samples from frame to frame (default 512)',
  },
  'f-min': { type: 'string', valueHint: 'hz', description: 'Lowest frequency (default 0)' },
  'f-max': {
    type: 'string',
    valueHint: 'hz',
    description: 'Highest frequency (default half the rate)',
  },
} as const

/** The values of `featureArgs` as citty gives them. */
export interface FeatureArgValues {
  readonly mfcc?: string | undefined
  readonly mel?: string | undefined
  readonly 'log-mel'?: boolean | undefined
  readonly 'sample-rate'?: string | undefined
  readonly 'n-fft'?: string | undefined
  readonly hop?: string | undefined
  readonly 'f-min'?: string | undefined
  readonly 'f-max'?: string | undefined
}

/** What is to be computed. */
export interface FeatureKind {
  /** Rate to load at, in Hz; undefined: the file's own. */
  readonly sampleRate: number | undefined
  /** All that decides the numbers, in a stable notation. */
  readonly notation: string
  compute(
    module: FeaturesModule,
    audio: AudioData | Samples,
    call: FeatureCall,
  ): Promise<FeatureMatrix>
}

/**
 * Tries a kind on a little silence: what is wrong with the options is told before the first file.
 *
 * @throws CliError with `isUsage`.
 */
export async function tryKind(kind: FeatureKind, module: FeaturesModule): Promise<void> {
  const silence = { samples: new Float32Array(1000), sampleRate: kind.sampleRate ?? 48_000 }
  try {
    await kind.compute(module, silence, {})
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof TypeError)) throw error
    throw new CliError(error.message, { isUsage: true, cause: error })
  }
}

/** @throws CliError with `isUsage` for values that make no sense. */
export function featureKind(args: FeatureArgValues): FeatureKind {
  const isMfcc = args.mfcc !== undefined
  if (isMfcc && args['log-mel'] === true) {
    throw usageError('--mfcc and --log-mel are two kinds of features; choose one')
  }
  const isLog = args['log-mel'] === true
  if (!isMfcc && !isLog && args.mel === undefined) {
    throw usageError('which features? --mfcc 13, --mel 80 or --log-mel')
  }
  const options: FeatureCall = {
    ...(args.mel === undefined ? {} : { nMels: parseCount('--mel', args.mel) }),
    ...(args.mfcc === undefined ? {} : { nMfcc: parseCount('--mfcc', args.mfcc) }),
    ...(args['n-fft'] === undefined ? {} : { nFft: parseCount('--n-fft', args['n-fft']) }),
    ...(args.hop === undefined ? {} : { hopLength: parseCount('--hop', args.hop) }),
    ...(args['f-min'] === undefined ? {} : { fMin: parseHertz('--f-min', args['f-min']) }),
    ...(args['f-max'] === undefined ? {} : { fMax: parseHertz('--f-max', args['f-max']) }),
  }
  const name = isMfcc ? 'mfcc' : isLog ? 'logMelSpectrogram' : 'melSpectrogram'
  const rate = args['sample-rate'] ?? '22050'
  const sampleRate = rate === 'native' ? undefined : parseCount('--sample-rate', rate)
  return {
    sampleRate,
    notation: JSON.stringify([name, sampleRate ?? null, options]),
    compute: async (module, audio, call) => module[name](audio, { ...options, ...call }),
  }
}

function parseHertz(option: string, text: string): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN
  if (!Number.isFinite(value)) throw usageError(`${option} must be a frequency, not "${text}"`)
  return value
}
