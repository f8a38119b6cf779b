import type { BackendRequest, Limits } from '@audiodecode/core'

import type { NativeLimits, NativeOpenOptions, NativeRequest } from './native-binding.js'

/** The part of a request that matters when opening. */
export function toNativeOpenOptions(request: BackendRequest): NativeOpenOptions {
  return {
    ...(request.track === undefined ? {} : { track: request.track }),
    scan: request.scan === true,
    threads: request.threads,
    limits: toNativeLimits(request.limits),
  }
}

/** The part of a request that matters when decoding. */
export function toNativeRequest(request: BackendRequest): NativeRequest {
  return {
    startFrame: request.startFrame,
    ...(request.endFrame === null ? {} : { endFrame: request.endFrame }),
    ...(request.sampleRate === undefined ? {} : { sampleRate: request.sampleRate }),
    mono: request.mono,
    threads: request.threads,
    fast: request.quality === 'fast',
    failOnDamage: request.onDamage === 'error',
    limits: toNativeLimits(request.limits),
  }
}

function toNativeLimits(limits: Limits): NativeLimits {
  const { maxInputBytes, maxOutputBytes, maxDurationSeconds, maxChannels } = limits
  return { maxInputBytes, maxOutputBytes, maxDurationSeconds, maxChannels }
}
