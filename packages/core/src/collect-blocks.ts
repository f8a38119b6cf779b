import { setImmediate as nextTurn } from 'node:timers/promises'

import type { BackendRequest, BackendResult } from './audio-backend.js'
import { checkLength } from './check-result.js'
import { joinReports } from './create-report.js'
import type { DecodeReport } from './decode-report.js'
import type { LoadOptions } from './load-options.js'
import { readBlocks } from './read-blocks.js'
import type { Session } from './session.js'
import type { SpanPlan } from './span-plan.js'

/** Frames between two calls of `onProgress`: 12 s at 44.1 kHz. */
const PROGRESS_FRAMES = 1 << 19

/** The same as one `decode`, put together from blocks, so that there is progress to tell. */
export async function collectBlocks(
  session: Session,
  request: BackendRequest,
  plan: SpanPlan,
  onProgress: NonNullable<LoadOptions['onProgress']>,
): Promise<BackendResult> {
  const { sampleRate, channels } = plan.expected
  const totalSeconds = expectedSeconds(plan)
  const blocks: Float32Array[] = []
  const starts: number[] = []
  const reports: (Partial<DecodeReport> | undefined)[] = []
  let frames = 0
  const blockwise = { ...request, blockFrames: PROGRESS_FRAMES }
  for await (const block of readBlocks(session, blockwise, plan.expected)) {
    blocks.push(block.data)
    starts.push(frames)
    reports.push(block.report)
    frames += block.data.length / channels
    checkLength(frames, channels, sampleRate, session.options.limits, session.label)
    onProgress({ decodedSeconds: frames / sampleRate, totalSeconds })
  }
  const data = new Float32Array(frames * channels)
  for (const [index, block] of blocks.entries()) {
    await nextTurn()
    request.signal?.throwIfAborted()
    const start = starts[index] ?? 0
    const length = block.length / channels
    for (let channel = 0; channel < channels; channel++) {
      const plane = block.subarray(channel * length, (channel + 1) * length)
      data.set(plane, channel * frames + start)
    }
  }
  return { data, channels, sampleRate, report: joinReports(reports, starts) }
}

function expectedSeconds({ output, sampleRate, info }: SpanPlan): number | null {
  if (output === null) return info.durationSeconds
  return (output.endFrame - output.startFrame) / sampleRate
}
