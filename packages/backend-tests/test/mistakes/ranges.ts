import type { AudioBackend } from '@audiodecode/core'

import { oracle, oracleBackend } from '../oracle-backend.js'
import type { Oracle } from '../oracle-backend.js'
import { changed, openFile, reading } from './mistake.js'
import type { Mistake } from './mistake.js'

/** Ranges, conversions and blocks that are not the slice of the whole. */
export const rangeMistakes: Readonly<Record<string, Mistake>> = {
  'a range that begins a frame late': {
    backend: () =>
      reading(async (recording, { startFrame, ...request }) =>
        oracle.read(recording, { ...request, startFrame: startFrame > 0 ? startFrame + 1 : 0 }),
      ),
    format: 'flac',
    file: 'stereo.flac',
    check: 'ranges',
    message: /the number of frames is \d+, not \d+|the largest difference is 0\.\d+, allowed none/,
  },
  'a range that is a frame off but as long as it should be': {
    backend: () =>
      reading(async (recording, request) => {
        const { startFrame, endFrame } = request
        if (startFrame === 0 || endFrame === null) return oracle.read(recording, request)
        return oracle.read(recording, {
          ...request,
          startFrame: startFrame - 1,
          endFrame: endFrame - 1,
        })
      }),
    format: 'wav',
    file: 's16.wav',
    check: 'ranges',
    message: /sample \d+ of \d+ is .* allowed none/,
  },
  'a run-up of four frames, too short for MP3 of 16 kbit/s': {
    backend: () =>
      reading(
        changed(({ data }, { sample }, { startFrame }) => {
          // What the bits of frames that were not read would have held is missing from the first frame.
          if (sample.format === 'mp3' && startFrame > 4 * 576) data.fill(0, 0, 576)
        }),
      ),
    format: 'mp3',
    file: '16-kbps.mp3',
    check: 'ranges',
    message: /the largest difference is 0\.\d+, allowed none/,
  },
  'mono that is the left channel': {
    backend: () =>
      oracleBackend(
        {
          async read(recording, request) {
            const { data, ...rest } = await oracle.read(recording, request)
            return request.mono
              ? { ...rest, channels: 1, data: data.slice(0, data.length / rest.channels) }
              : { ...rest, data }
          },
        },
        { capabilities: { range: true, mono: true } },
      ),
    format: 'wav',
    file: 's16.wav',
    check: 'conversion',
    message: /mono against the mean of the channels/,
  },
  'resampling that begins anew in every range': {
    backend: () =>
      oracleBackend(
        {
          async read(recording, { sampleRate, ...request }) {
            const result = await oracle.read(recording, request)
            if (sampleRate === undefined) return result
            const ratio = sampleRate / result.sampleRate
            const at = (frame: number): number => Math.ceil(frame * ratio)
            const end = request.endFrame ?? recording.frames
            const frames = at(end) - at(request.startFrame)
            const data = Float32Array.from(
              { length: frames },
              (_, i) => result.data[Math.floor(i / ratio)] ?? 0,
            )
            return { data, channels: 1, sampleRate }
          },
        },
        { capabilities: { range: true, resample: true } },
      ),
    format: 'wav',
    file: '48000-hz.wav',
    check: 'conversion',
    message: /frames \d+ to \d+ at 16000 Hz/,
  },
  'blocks that overlap': {
    backend: () => {
      const good = oracleBackend()
      return {
        ...good,
        async open(source, request) {
          const handle = await openFile(good, source, request)
          return {
            ...handle,
            async *blocks({ blockFrames, ...whole }) {
              const end = whole.endFrame ?? handle.info.frames ?? 0
              for (let at = whole.startFrame; at < end; at += blockFrames) {
                const startFrame = Math.max(0, at - 1)
                const endFrame = Math.min(startFrame + blockFrames, end)
                yield handle.decode({ ...whole, startFrame, endFrame })
              }
            },
          }
        },
      }
    },
    format: 'flac',
    file: 'stereo.flac',
    check: 'blocks',
    message: /the block at frame \d+/,
  },
  'straight lines between samples': {
    backend: () =>
      resamplingBy((at, plane) => {
        const [before, after] = [plane[Math.floor(at)] ?? 0, plane[Math.ceil(at)] ?? 0]
        return before + (after - before) * (at % 1)
      }),
    format: 'flac',
    file: 'stereo.flac',
    check: 'resampling',
    message: /at \d+ Hz, against core's resampler.* allowed 0\.006/,
  },
}

/** The oracle with a resampler of its own: `interpolate` gives the value at a place between two frames. */
function resamplingBy(interpolate: (at: number, plane: Float32Array) => number): AudioBackend {
  const read: Oracle['read'] = async (recording, { sampleRate, ...request }) => {
    const result = await oracle.read(recording, request)
    if (sampleRate === undefined) return result
    const { channels, data: native } = result
    const inputFrames = native.length / channels
    const ratio = sampleRate / result.sampleRate
    const frames = Math.ceil(inputFrames * ratio)
    const data = new Float32Array(channels * frames)
    for (let channel = 0; channel < channels; channel++) {
      const plane = native.subarray(channel * inputFrames, (channel + 1) * inputFrames)
      for (let i = 0; i < frames; i++) data[channel * frames + i] = interpolate(i / ratio, plane)
    }
    return { data, channels, sampleRate }
  }
  return oracleBackend({ read }, { capabilities: { range: true, resample: true } })
}
