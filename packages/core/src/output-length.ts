import type { AudioInfo } from './audio-info.js'
import { checkLoadOptions } from './check-options.js'
import { outputSpan, toFrameSpan } from './frame-span.js'
import type { LoadOptions } from './load-options.js'

/**
 * Length `out` must have for these options: channels × frames of the result, in samples.
 *
 * @throws RangeError when `info.frames` is not exact; `info(input, { scan: true })` makes it so.
 */
export function outputLength(info: AudioInfo, options?: LoadOptions): number {
  const { offset, duration, mono, sampleRate } = checkLoadOptions(options)
  if (typeof info !== 'object' || info === null) throw new TypeError('info must be an AudioInfo')
  if (info.frames === null || !info.framesExact) {
    throw new RangeError('the number of frames is not exact; use info(input, { scan: true })')
  }
  const span = toFrameSpan(info, offset, duration)
  const { startFrame, endFrame } = outputSpan(
    span,
    info.frames,
    info.sampleRate,
    sampleRate ?? info.sampleRate,
  )
  return (endFrame - startFrame) * (mono ? 1 : info.channels)
}
