import { createAudioData } from './audio-data.js'
import type { AudioData } from './audio-data.js'
import { checkLoadOptions } from './check-options.js'
import { convertResult } from './convert-result.js'
import type { DecodeReport } from './decode-report.js'
import { resampledFrames } from './dsp/resampled-frames.js'
import type { Samples } from './samples.js'

/** What `convert()` makes of audio. */
export interface ConvertOptions {
  /** Output rate in Hz. Default: the audio's own. */
  sampleRate?: number
  /** Average the channels. Default false. */
  mono?: boolean
  /** Cancels; the promise rejects with its reason. */
  signal?: AbortSignal
}

/**
 * Audio that is in memory already, at another rate or mixed to mono, as `load` would have given it: the same filter, the same
 * length. In JavaScript, in slices that leave the event loop free; about a second for ten minutes. Where nothing is to be done
 * the samples are the given ones, not a copy.
 *
 * @throws {TypeError} when `audio` is neither AudioData nor Samples.
 * @throws {RangeError} when a rate is no whole number of Hz above 0.
 */
export async function convert(
  audio: AudioData | Samples,
  options: ConvertOptions = {},
): Promise<AudioData> {
  const { sampleRate: wanted, mono, signal } = checkLoadOptions(options)
  const given = checkAudio(audio)
  const sampleRate = wanted ?? given.sampleRate
  signal?.throwIfAborted()
  const conversion = { slice: null, nativeRate: given.sampleRate, mono, sampleRate, copy: false }
  const { data, channels } = await convertResult(given, conversion, signal)
  return createAudioData({
    data,
    channels,
    sampleRate,
    startSeconds: given.startSeconds,
    backend: given.backend,
    report: convertReport(given.report, given.sampleRate, sampleRate, data.length / channels),
  })
}

function checkAudio(
  audio: AudioData | Samples,
): Pick<AudioData, 'data' | 'channels' | 'sampleRate' | 'startSeconds' | 'backend' | 'report'> {
  if (typeof audio !== 'object' || audio === null) throw notAudio()
  const { sampleRate } = audio
  if (!Number.isInteger(sampleRate) || sampleRate < 1) {
    throw new RangeError(`the sample rate must be a whole number of Hz above 0, not ${sampleRate}`)
  }
  if ('samples' in audio) {
    if (!(audio.samples instanceof Float32Array)) throw notAudio()
    const report: DecodeReport = {
      expectedFrames: null,
      decodedFrames: audio.samples.length,
      damaged: [],
      truncated: false,
      gapless: { source: 'none', startFrames: 0, endFrames: 0 },
      declined: [],
    }
    const { samples } = audio
    return { data: samples, channels: 1, sampleRate, startSeconds: 0, backend: 'none', report }
  }
  const { data, channels } = audio
  if (!(data instanceof Float32Array) || !Number.isInteger(channels) || channels < 1)
    throw notAudio()
  return audio
}

function notAudio(): TypeError {
  return new TypeError('convert() takes AudioData or { samples: Float32Array, sampleRate }')
}

/** Damage counts in the frames of the result, widened to whole ones. */
function convertReport(
  report: DecodeReport,
  from: number,
  to: number,
  frames: number,
): DecodeReport {
  if (from === to) return report
  const damaged = report.damaged.map((range) => {
    const startFrame = Math.min(Math.floor((range.startFrame * to) / from), frames)
    const endFrame = Math.min(resampledFrames(range.endFrame, from, to), frames)
    return { ...range, startFrame, endFrame: Math.max(startFrame, endFrame) }
  })
  return { ...report, damaged }
}
