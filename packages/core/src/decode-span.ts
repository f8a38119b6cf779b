import type { BackendRequest, BackendResult } from './audio-backend.js'
import { createAudioData } from './audio-data.js'
import type { AudioData } from './audio-data.js'
import { callBackend } from './call-backend.js'
import type { CheckedOptions } from './check-options.js'
import { broken, checkLength, checkResult, nothingDecodable } from './check-result.js'
import { collectBlocks } from './collect-blocks.js'
import { convertResult } from './convert-result.js'
import { tooSmall, writeOut } from './copy-samples.js'
import { createReport, rejectDamage } from './create-report.js'
import type { DeclinedBackend } from './decode-report.js'
import { resampledFrames } from './dsp/resampled-frames.js'
import type { Session } from './session.js'
import { checkPlan, planSpan, requestFor } from './span-plan.js'
import type { SpanPlan } from './span-plan.js'

/** Reads a range of an opened file: the backend does what it can, core the rest. */
export async function decodeSpan(
  session: Session,
  options: CheckedOptions,
  declined: readonly DeclinedBackend[],
): Promise<AudioData> {
  const { out, outLength, signal, limits, onProgress } = options
  const { backend, label } = session
  const plan = await planSpan(session, options)
  checkPlan(plan, session, options)
  const { output, sampleRate, delegates } = plan
  if (out !== undefined && output !== null) {
    const needed = (output.endFrame - output.startFrame) * plan.channels
    if (outLength < needed) throw tooSmall(outLength, needed)
  }
  if (output !== null && output.endFrame === output.startFrame) {
    return emptyAudio(plan, session, options, declined)
  }
  const inPlace =
    out !== undefined && delegates.everything && isShared(out) && backend.capabilities?.out === true
  const request = requestFor(session, options, plan, inPlace ? out : undefined)
  const result = await decodeRequest(session, request, plan, options)
  checkResult(result, plan.expected, limits, backend.name, label)
  checkExcess(result, plan, session)
  const converted = await convertResult(
    result,
    {
      slice: delegates.range ? null : plan.span,
      nativeRate: plan.info.sampleRate,
      mono: options.mono,
      sampleRate,
      copy: session.retained && out === undefined,
    },
    signal,
  )
  const { channels } = converted
  const frames = converted.data.length / channels
  if (frames === 0 && plan.span.startFrame === 0 && plan.span.endFrame !== 0) {
    throw nothingDecodable(backend.name, label)
  }
  checkLength(frames, channels, sampleRate, limits, label, backend.name)
  const startFrame = delegates.range
    ? resampledFrames(plan.span.startFrame, plan.info.sampleRate, sampleRate)
    : converted.startFrame
  const report = reportFor(result, plan, { ...converted, frames }, declined)
  if (options.onDamage === 'error') rejectDamage(report, backend.name, label)
  const written = inPlace && converted.data.buffer === out.buffer
  const data =
    out === undefined || written
      ? converted.data
      : await writeOut(converted.data, out, outLength, signal)
  const durationSeconds = frames / sampleRate
  onProgress?.({ decodedSeconds: durationSeconds, totalSeconds: durationSeconds })
  const startSeconds = startFrame / sampleRate
  return createAudioData({
    data,
    channels,
    sampleRate,
    startSeconds,
    backend: backend.name,
    report,
  })
}

/** One call of the backend, or block by block when the caller wants to hear how far it is. */
async function decodeRequest(
  session: Session,
  request: BackendRequest,
  plan: SpanPlan,
  { onProgress, signal }: CheckedOptions,
): Promise<BackendResult> {
  const { backend, handle, label } = session
  if (onProgress !== undefined && handle.blocks !== undefined && request.out === undefined) {
    return collectBlocks(session, request, plan, onProgress)
  }
  return callBackend(backend, label, signal, async () => handle.decode(request))
}

function reportFor(
  result: BackendResult,
  plan: SpanPlan,
  converted: { readonly startFrame: number; readonly frames: number },
  declined: readonly DeclinedBackend[],
): AudioData['report'] {
  const { info, span, sampleRate, output } = plan
  const resultFrames = result.data.length / result.channels
  const toOutput = (frame: number): number =>
    result.sampleRate === sampleRate ? frame : resampledFrames(frame, result.sampleRate, sampleRate)
  const end = span.endFrame ?? info.frames
  const resampled = result.sampleRate !== info.sampleRate
  const decodedFrames = resampled && end !== null ? end - span.startFrame : resultFrames
  const report = createReport(result.report, info, decodedFrames, declined, {
    toOutput,
    startFrame: converted.startFrame,
    frames: converted.frames,
  })
  // Fewer frames than announced as certain: the file ended early, whether the backend says so or not.
  const missing = output !== null && converted.frames < output.endFrame - output.startFrame
  return missing ? { ...report, truncated: true } : report
}

function checkExcess(result: BackendResult, plan: SpanPlan, { backend, label }: Session): void {
  const { delegates, span, info, sampleRate } = plan
  if (!delegates.range || span.endFrame === null) return
  const rate = (frame: number): number => resampledFrames(frame, info.sampleRate, sampleRate)
  const most = rate(span.endFrame) - rate(span.startFrame)
  const frames = result.data.length / result.channels
  if (frames > most) throw broken(`${frames} frames instead of ${most}`, backend.name, label)
}

function emptyAudio(
  plan: SpanPlan,
  { backend }: Session,
  { out, onProgress }: CheckedOptions,
  declined: readonly DeclinedBackend[],
): AudioData {
  const { info, span, sampleRate, channels } = plan
  const frames = { toOutput: (frame: number) => frame, startFrame: 0, frames: 0 }
  onProgress?.({ decodedSeconds: 0, totalSeconds: 0 })
  return createAudioData({
    data: out === undefined ? new Float32Array(0) : out.subarray(0, 0),
    channels,
    sampleRate,
    startSeconds: resampledFrames(span.startFrame, info.sampleRate, sampleRate) / sampleRate,
    backend: backend.name,
    report: createReport(undefined, info, 0, declined, frames),
  })
}

function isShared(out: Float32Array): boolean {
  return Object.prototype.toString.call(out.buffer) === '[object SharedArrayBuffer]'
}
