import type { LoadOptions } from '@audiodecode/core'

import { usageError } from './cli-error.js'
import { parseBytes, parseCount, parseSeconds } from './parse-values.js'

/** Options that say how inputs are opened: the same for every command. */
export const inputArgs = {
  backend: {
    type: 'string',
    valueHint: 'name',
    description: 'Use only this backend, or these in order (a,b)',
  },
  track: {
    type: 'string',
    valueHint: 'n',
    description: 'Audio track, counted from 0 (default: the default track)',
  },
  'limit-input': {
    type: 'string',
    valueHint: 'size',
    description: 'Refuse larger inputs (default 4G)',
  },
  'limit-output': {
    type: 'string',
    valueHint: 'size',
    description: 'Refuse to decode more samples (default 4G)',
  },
  'limit-duration': {
    type: 'string',
    valueHint: 'seconds',
    description: 'Refuse longer audio (default 24 h)',
  },
  'limit-channels': {
    type: 'string',
    valueHint: 'n',
    description: 'Refuse more channels (default 64)',
  },
  network: {
    type: 'boolean',
    default: true,
    description: 'Open http: and https: inputs',
    negativeDescription: 'Refuse http: and https: inputs',
  },
} as const

/** The values of `inputArgs` as citty gives them. */
export interface InputArgValues {
  readonly backend?: string | undefined
  readonly track?: string | undefined
  readonly 'limit-input'?: string | undefined
  readonly 'limit-output'?: string | undefined
  readonly 'limit-duration'?: string | undefined
  readonly 'limit-channels'?: string | undefined
  readonly network: boolean
}

/**
 * The part of LoadOptions that `inputArgs` make.
 *
 * @throws CliError with `isUsage` for values that make no sense.
 */
export function inputOptions(
  args: InputArgValues,
): Pick<LoadOptions, 'backend' | 'track' | 'limits'> {
  const limits: NonNullable<LoadOptions['limits']> = {}
  if (!args.network) limits.network = false
  if (args['limit-input'] !== undefined) {
    limits.maxInputBytes = parseBytes('--limit-input', args['limit-input'])
  }
  if (args['limit-output'] !== undefined) {
    limits.maxOutputBytes = parseBytes('--limit-output', args['limit-output'])
  }
  if (args['limit-duration'] !== undefined) {
    limits.maxDurationSeconds = parseSeconds('--limit-duration', args['limit-duration'])
    if (limits.maxDurationSeconds <= 0) throw usageError('--limit-duration must be above 0')
  }
  if (args['limit-channels'] !== undefined) {
    limits.maxChannels = parseCount('--limit-channels', args['limit-channels'])
  }
  const options: Pick<LoadOptions, 'backend' | 'track' | 'limits'> = { limits }
  if (args.backend !== undefined) {
    const names = args.backend.split(',').map((name) => name.trim())
    if (names.includes('')) throw usageError('--backend must name backends: rust or rust,ffmpeg')
    options.backend = names
  }
  if (args.track !== undefined)
    options.track = args.track === '0' ? 0 : parseCount('--track', args.track)
  return options
}
