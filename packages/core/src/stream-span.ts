import { createAudioData } from './audio-data.js'
import type { AudioData } from './audio-data.js'
import type { CheckedOptions } from './check-options.js'
import { checkLength, nothingDecodable } from './check-result.js'
import { convertResult } from './convert-result.js'
import { createReport, rejectDamage } from './create-report.js'
import type { DeclinedBackend } from './decode-report.js'
import { decodeSpan } from './decode-span.js'
import { resampledFrames } from './dsp/resampled-frames.js'
import { readBlocks } from './read-blocks.js'
import type { Session } from './session.js'
import { checkPlan, planSpan, requestFor } from './span-plan.js'
import type { SpanPlan } from './span-plan.js'

/** Options of a stream, with the length of a block. */
export type SpanStreamOptions = CheckedOptions & { readonly blockSeconds: number }

/** The blocks of a range, as the backend makes them where it can, else cut from the whole range. */
export async function* streamSpan(
  session: Session,
  options: SpanStreamOptions,
  declined: readonly DeclinedBackend[],
): AsyncGenerator<AudioData, void, undefined> {
  const plan = await planSpan(session, options)
  const { delegates, info, sampleRate } = plan
  const needsResampling = sampleRate !== info.sampleRate && !delegates.resample
  if (session.handle.blocks === undefined || !delegates.range || needsResampling) {
    yield* cutBlocks(await decodeSpan(session, options, declined), options)
  } else {
    yield* convertBlocks(session, options, plan, declined)
  }
}

async function* convertBlocks(
  session: Session,
  options: SpanStreamOptions,
  plan: SpanPlan,
  declined: readonly DeclinedBackend[],
): AsyncGenerator<AudioData, void, undefined> {
  const { signal, limits, onProgress } = options
  const { backend, label } = session
  const { info, span, sampleRate, output } = plan
  // All blocks together may be larger than what one array holds: that is what a stream is for.
  const unbounded = { ...options, limits: { ...limits, maxOutputBytes: Infinity } }
  checkPlan(plan, session, unbounded)
  if (output !== null && output.startFrame === output.endFrame) return
  // A backend reserves a whole block at once, which must not depend on how long a block was wished for.
  const most = Math.floor(limits.maxOutputBytes / (4 * plan.expected.channels))
  const longest = output === null ? most : Math.min(most, output.endFrame - output.startFrame)
  const blockFrames = Math.max(1, Math.min(framesPerBlock(options, sampleRate), longest))
  const request = { ...requestFor(session, unbounded, plan), blockFrames }
  const start = resampledFrames(span.startFrame, info.sampleRate, sampleRate)
  const totalFrames = output === null ? null : output.endFrame - output.startFrame
  const totalSeconds = totalFrames === null ? info.durationSeconds : totalFrames / sampleRate
  let done = 0
  for await (const block of readBlocks(session, request, plan.expected)) {
    const wanted = {
      slice: null,
      nativeRate: info.sampleRate,
      mono: options.mono,
      sampleRate,
      copy: false,
    }
    const { data, channels } = await convertResult(block, wanted, signal)
    const frames = data.length / channels
    const report = createReport(block.report, info, frames, declined, {
      toOutput: (frame) => frame,
      startFrame: 0,
      frames,
    })
    if (options.onDamage === 'error') rejectDamage(report, backend.name, label)
    const startSeconds = (start + done) / sampleRate
    done += frames
    checkLength(done, channels, sampleRate, unbounded.limits, label, backend.name)
    onProgress?.({ decodedSeconds: done / sampleRate, totalSeconds })
    yield createAudioData({
      data,
      channels,
      sampleRate,
      startSeconds,
      backend: backend.name,
      report,
    })
  }
  if (done === 0 && span.startFrame === 0 && span.endFrame !== 0) {
    throw nothingDecodable(backend.name, label)
  }
}

/** Blocks of their own memory, so that a consumer may transfer each. */
async function* cutBlocks(
  audio: AudioData,
  options: SpanStreamOptions,
): AsyncGenerator<AudioData, void, undefined> {
  const { channels, frames, sampleRate, startSeconds, backend, report } = audio
  const blockFrames = framesPerBlock(options, sampleRate)
  const first = Math.round(startSeconds * sampleRate)
  for (let at = 0; at < frames; at += blockFrames) {
    options.signal?.throwIfAborted()
    const end = Math.min(at + blockFrames, frames)
    const data = new Float32Array((end - at) * channels)
    for (const [channel, plane] of audio.channelData.entries()) {
      data.set(plane.subarray(at, end), channel * (end - at))
    }
    const damaged = report.damaged
      .filter((range) => range.startFrame < end && range.endFrame > at)
      .map((range) => ({
        ...range,
        startFrame: Math.max(range.startFrame - at, 0),
        endFrame: Math.min(range.endFrame, end) - at,
      }))
    yield createAudioData({
      data,
      channels,
      sampleRate,
      startSeconds: (first + at) / sampleRate,
      backend,
      report: { ...report, damaged },
    })
  }
}

function framesPerBlock({ blockSeconds }: SpanStreamOptions, sampleRate: number): number {
  return Math.min(Math.max(1, Math.round(blockSeconds * sampleRate)), MAX_BLOCK_FRAMES)
}

// What native code can hold in 32 bits.
const MAX_BLOCK_FRAMES = 2 ** 31 - 1
