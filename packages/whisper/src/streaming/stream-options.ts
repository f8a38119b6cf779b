import type { TranscribeOptions } from '@audiodecode/core'

import { resolveOptions } from '../transcribe/options.js'
import type { ResolvedOptions } from '../transcribe/options.js'
import type { VoiceOptions } from './voice-tracker.js'

/** Silence that ends an utterance unless told otherwise: shorter ones are pauses in a sentence, and words are decided in them as well. */
const MIN_SILENCE_MS = 1500
/** Samples in a millisecond. */
const PER_MS = 16

/** Options that are about audio which lies there as a whole. */
const OF_WHOLE_AUDIO = [
  'chunkLength',
  'clipTimestamps',
  'hallucinationSilenceThreshold',
  'prefix',
  'withoutTimestamps',
] as const

/** Checks the options of a stream; throws TypeError or RangeError. Greedy unless `beamSize` says otherwise. */
export function resolveStreamOptions(options: TranscribeOptions | undefined): ResolvedOptions {
  const resolved = resolveOptions(options)
  const given = options ?? {}
  const other = OF_WHOLE_AUDIO.find((name) => given[name] !== undefined && given[name] !== null)
  if (other !== undefined) throw new TypeError(`${other} is not for live audio`)
  if (resolved.channelMode === 'split') {
    throw new TypeError("channelMode 'split' is not for live audio; stream each channel by itself")
  }
  if (resolved.batchSize !== 'auto' && resolved.batchSize > 1) {
    throw new TypeError('batchSize above 1 is not for live audio')
  }
  return { ...resolved, beamSize: given.beamSize === undefined ? 1 : resolved.beamSize }
}

/** How the voice is followed; null with `vad: false`. */
export function voiceOptions({ vad, vadParameters }: ResolvedOptions): VoiceOptions | null {
  if (vad === false) return null
  const { threshold = 0.5, negThreshold, minSilenceDurationMs = MIN_SILENCE_MS } = vadParameters
  return {
    threshold,
    negThreshold: negThreshold ?? Math.max(threshold - 0.15, 0.01),
    minSilence: minSilenceDurationMs * PER_MS,
  }
}
