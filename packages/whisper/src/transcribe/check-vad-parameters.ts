import type { VadParameters } from '@audiodecode/core'

import { checkNames } from './check-names.js'
import { number, whole } from './check-values.js'

/** Checks how voice is to be detected: only what was given, as the defaults depend on the mode. */
export function checkVadParameters(parameters: unknown): VadParameters {
  if (parameters === undefined) return {}
  if (typeof parameters !== 'object' || parameters === null) {
    throw new TypeError('vadParameters must be an object')
  }
  checkNames(parameters)
  const given: VadParameters = parameters
  const checked = {
    threshold: number(given.threshold, 'vadParameters.threshold', 0, 1),
    negThreshold: number(given.negThreshold, 'vadParameters.negThreshold', 0, 1),
    minSpeechDurationMs: whole(given.minSpeechDurationMs, 'vadParameters.minSpeechDurationMs', 0),
    maxSpeechDurationS: checkLongest(given.maxSpeechDurationS),
    minSilenceDurationMs: whole(
      given.minSilenceDurationMs,
      'vadParameters.minSilenceDurationMs',
      0,
    ),
    speechPadMs: whole(given.speechPadMs, 'vadParameters.speechPadMs', 0),
  }
  return Object.fromEntries(Object.entries(checked).filter(([, value]) => value !== undefined))
}

function checkLongest(seconds: number | undefined): number | undefined {
  if (seconds === Infinity) return Infinity
  const name = 'vadParameters.maxSpeechDurationS'
  const checked = number(seconds, name)
  if (checked === undefined || checked > 0) return checked
  throw new RangeError(`${name} must be above 0, not ${checked}`)
}
