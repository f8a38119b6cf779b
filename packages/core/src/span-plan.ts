import type { BackendRequest } from './audio-backend.js'
import type { AudioInfo } from './audio-info.js'
import { createRequest } from './backend-request.js'
import type { Delegated } from './backend-request.js'
import type { CheckedOptions } from './check-options.js'
import { checkLength, nothingDecodable } from './check-result.js'
import { outputSpan, toFrameSpan } from './frame-span.js'
import type { FrameSpan } from './frame-span.js'
import type { Session } from './session.js'

/** What one read of a session comes to: the frames it means, and who does what. */
export interface SpanPlan {
  readonly info: AudioInfo
  /** Native frames. */
  readonly span: FrameSpan
  /** Frames of the resampled whole that the result holds, or null while the length is not certain. */
  readonly output: { readonly startFrame: number; readonly endFrame: number } | null
  /** Output rate in Hz. */
  readonly sampleRate: number
  /** Output channels. */
  readonly channels: number
  readonly delegates: {
    readonly range: boolean
    readonly resample: boolean
    readonly mono: boolean
    /** All of it: the backend's result is the final one. */
    readonly everything: boolean
  }
  /** What the backend's result must look like. */
  readonly expected: { readonly sampleRate: number; readonly channels: number }
}

/** Turns seconds into frames and shares out the work. Counts the file's frames first when a negative offset needs them. */
export async function planSpan(session: Session, options: CheckedOptions): Promise<SpanPlan> {
  const { can } = session
  const { offset, duration, mono, signal } = options
  const info = offset < 0 ? await session.exactInfo(signal) : session.handle.info
  const span = toFrameSpan(info, offset, duration)
  const sampleRate = options.sampleRate ?? info.sampleRate
  const converts = sampleRate !== info.sampleRate
  const mixes = mono && info.channels > 1
  const delegatesMono = mono && can.mono
  // The order matters to the last bit: what core mixes, core resamples; and a slice to resample needs its surroundings.
  const delegatesResample = converts && can.resample && (!mixes || delegatesMono)
  const delegatesRange = can.range && (!converts || delegatesResample)
  const total = info.framesExact ? info.frames : null
  return {
    info,
    span,
    output: total === null ? null : outputSpan(span, total, info.sampleRate, sampleRate),
    sampleRate,
    channels: mono ? 1 : info.channels,
    delegates: {
      range: delegatesRange,
      resample: delegatesResample,
      mono: delegatesMono,
      everything: delegatesRange && (!mixes || delegatesMono),
    },
    expected: {
      sampleRate: delegatesResample ? sampleRate : info.sampleRate,
      channels: delegatesMono ? 1 : info.channels,
    },
  }
}

/** The backend's share of a plan. */
export function requestFor(
  session: Session,
  options: CheckedOptions,
  { delegates, span, sampleRate }: SpanPlan,
  out?: Float32Array,
): BackendRequest {
  const delegated: Delegated = {
    startFrame: delegates.range ? span.startFrame : 0,
    endFrame: delegates.range ? span.endFrame : null,
    mono: delegates.mono,
    sampleRate: delegates.resample ? sampleRate : undefined,
    out,
  }
  return createRequest(options, delegated, session.size, options.signal)
}

/** Rejects, before memory is reserved, what is known to exceed the limits; a file without frames is ERR_CORRUPT. */
export function checkPlan(
  { info, output, sampleRate, channels }: SpanPlan,
  { backend, label }: Session,
  { limits }: CheckedOptions,
): void {
  if (info.framesExact && info.frames === 0) throw nothingDecodable(backend.name, label)
  // An estimate decides nothing: the backend meets the limits while it decodes.
  if (output === null) return
  const frames = output.endFrame - output.startFrame
  checkLength(frames, channels, sampleRate, limits, label, backend.name)
}
