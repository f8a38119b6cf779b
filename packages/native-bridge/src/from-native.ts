import type { AudioInfo, DamagedRange, DecodeReport, GaplessTrim } from '@audiodecode/core'

import type { NativeInfo, NativeReport } from './native-binding.js'

/** A backend knows everything of a report but who else was asked. */
export type BackendReport = Omit<DecodeReport, 'declined'>

/** Native info as core's. Of a tag that occurs several times all values are kept, separated by "; ". */
export function toAudioInfo(info: NativeInfo, backend: string): AudioInfo {
  const frames = info.frames ?? null
  const tags = new Map<string, string>()
  for (const { name, value } of info.tags) {
    const before = tags.get(name)
    tags.set(name, before === undefined || before === value ? value : `${before}; ${value}`)
  }
  return {
    container: info.container,
    codec: info.codec,
    sampleRate: info.sampleRate,
    channels: info.channels,
    channelLayout: info.channelLayout ?? null,
    bitDepth: info.bitDepth ?? null,
    bitRate: info.bitRate ?? null,
    frames,
    framesExact: frames !== null && info.framesExact,
    durationSeconds: frames === null ? null : frames / info.sampleRate,
    tracks: info.tracks,
    tags: Object.fromEntries(tags),
    backend,
  }
}

/** A native report as core's. */
export function toReport(report: NativeReport): BackendReport {
  return {
    expectedFrames: report.expectedFrames ?? null,
    decodedFrames: report.decodedFrames,
    damaged: report.damaged.map((damage) => ({ ...damage, byteOffset: damage.byteOffset ?? null })),
    truncated: report.truncated,
    gapless: {
      source: report.gaplessSource as GaplessTrim['source'],
      startFrames: report.gaplessStartFrames,
      endFrames: report.gaplessEndFrames,
    },
  }
}

/** The part of a stream's report that concerns one block, in the block's own frames. */
export function toBlockReport(
  report: NativeReport,
  startFrame: number,
  frames: number,
): BackendReport {
  const whole = toReport(report)
  const damaged: DamagedRange[] = []
  for (const damage of whole.damaged) {
    const from = Math.max(damage.startFrame - startFrame, 0)
    const to = Math.min(damage.endFrame - startFrame, frames)
    if (from < to) damaged.push({ ...damage, startFrame: from, endFrame: to })
  }
  return { ...whole, decodedFrames: frames, damaged }
}
