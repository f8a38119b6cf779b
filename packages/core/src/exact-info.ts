import type { BackendSource } from './audio-backend.js'
import type { AudioInfo } from './audio-info.js'
import { createRequest, everything } from './backend-request.js'
import { callBackend } from './call-backend.js'
import { checkInfo, checkResult } from './check-result.js'
import { readBlocks } from './read-blocks.js'
import type { Session } from './session.js'

/** The session's info with exact frames: from the backend if it can scan, else counted by decoding everything. */
export async function exactInfo(
  session: Session,
  source: BackendSource,
  signal: AbortSignal | undefined,
): Promise<AudioInfo> {
  const { backend, handle, options, size, label } = session
  const { info: look } = backend
  if (look !== undefined) {
    const ask = createRequest(options, { ...everything, scan: true }, size, signal)
    const info = await callBackend(backend, label, signal, async () =>
      look.call(backend, source, ask),
    )
    checkInfo(info, options.limits, backend.name, label)
    if (info.framesExact && info.frames !== null) return info
  }
  const frames = await countFrames(session, signal)
  return {
    ...handle.info,
    frames,
    framesExact: true,
    durationSeconds: frames / handle.info.sampleRate,
  }
}

/** Frames decoded and thrown away at a time. */
const BLOCK_FRAMES = 1 << 19

async function countFrames(session: Session, signal: AbortSignal | undefined): Promise<number> {
  const { backend, handle, options, size, label, can } = session
  const { sampleRate, channels } = handle.info
  // One channel is enough to count.
  const expected = { sampleRate, channels: can.mono ? 1 : channels }
  const delegated = { ...everything, mono: can.mono }
  const request = createRequest(options, delegated, size, signal)
  if (handle.blocks === undefined) {
    const result = await callBackend(backend, label, signal, async () => handle.decode(request))
    checkResult(result, expected, options.limits, backend.name, label)
    return result.data.length / result.channels
  }
  let frames = 0
  const blockwise = { ...request, blockFrames: BLOCK_FRAMES }
  for await (const { data, channels } of readBlocks(session, blockwise, expected)) {
    frames += data.length / channels
  }
  return frames
}
