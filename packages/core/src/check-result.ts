import type { BackendResult } from './audio-backend.js'
import type { AudioInfo } from './audio-info.js'
import { AudioDecodeError } from './errors.js'
import type { Limits } from './limits.js'

/** Rejects what no file can be: rates and channel counts that are not positive whole numbers. */
export function checkFormat(
  format: { readonly sampleRate: number; readonly channels: number },
  limits: Limits,
  backend: string,
  label: string,
): void {
  for (const name of ['sampleRate', 'channels'] as const) {
    if (!Number.isSafeInteger(format[name]) || format[name] < 1) {
      throw new AudioDecodeError(
        'ERR_CORRUPT',
        `${label} has an impossible ${name} of ${format[name]}, says backend "${backend}".`,
        { backend, input: label },
      )
    }
  }
  if (format.channels > limits.maxChannels) {
    throw exceeded(label, `${format.channels} channels`, 'maxChannels', limits.maxChannels, backend)
  }
}

/** Rejects a result that contradicts itself, or what the backend had announced. */
export function checkResult(
  result: BackendResult,
  expected: { readonly sampleRate: number; readonly channels: number } | null,
  limits: Limits,
  backend: string,
  label: string,
): void {
  checkFormat(result, limits, backend, label)
  const { data, channels, sampleRate } = result
  if (Object.prototype.toString.call(data) !== '[object Float32Array]') {
    throw broken('data that is no Float32Array', backend, label)
  }
  if (data.length % channels !== 0) {
    throw broken(`${data.length} samples for ${channels} channels`, backend, label)
  }
  if (expected === null) return
  if (sampleRate !== expected.sampleRate) {
    throw broken(`${sampleRate} Hz instead of ${expected.sampleRate} Hz`, backend, label)
  }
  if (channels !== expected.channels) {
    throw broken(`${channels} channels instead of ${expected.channels}`, backend, label)
  }
}

/** Rejects an info whose numbers cannot be. */
export function checkInfo(info: AudioInfo, limits: Limits, backend: string, label: string): void {
  checkFormat(info, limits, backend, label)
  const { frames } = info
  if (frames !== null && (!Number.isSafeInteger(frames) || frames < 0)) {
    throw broken(`an impossible length of ${frames} frames`, backend, label)
  }
}

/** Rejects a length beyond the limits, so that no memory is reserved for it. Frames count at `sampleRate`. */
export function checkLength(
  frames: number,
  channels: number,
  sampleRate: number,
  limits: Limits,
  label: string,
  backend?: string,
): void {
  const seconds = frames / sampleRate
  if (seconds > limits.maxDurationSeconds) {
    const found = `${seconds.toFixed(1)} s of audio`
    throw exceeded(label, found, 'maxDurationSeconds', limits.maxDurationSeconds, backend)
  }
  const bytes = frames * channels * Float32Array.BYTES_PER_ELEMENT
  if (bytes > limits.maxOutputBytes) {
    throw exceeded(
      label,
      `${bytes} bytes of samples`,
      'maxOutputBytes',
      limits.maxOutputBytes,
      backend,
    )
  }
}

function exceeded(
  label: string,
  found: string,
  name: keyof Limits,
  limit: number,
  backend: string | undefined,
): AudioDecodeError {
  const advice =
    name === 'maxChannels'
      ? 'Raise the limit to accept it.'
      : 'Raise the limit, use stream(), or read a part with offset and duration.'
  return new AudioDecodeError(
    'ERR_LIMIT_EXCEEDED',
    `${label}: ${found} would be more than limits.${name} (${limit}). ${advice}`,
    { backend, input: label },
  )
}

/** The error for a backend that delivers what it must not. */
export function broken(what: string, backend: string, label: string): AudioDecodeError {
  return new AudioDecodeError(
    'ERR_CORRUPT',
    `Backend "${backend}" delivered ${what} for ${label}. The file is damaged, or the backend has a fault.`,
    { backend, input: label },
  )
}

/** The error for a file without one decodable frame. */
export function nothingDecodable(backend: string, label: string): AudioDecodeError {
  return new AudioDecodeError(
    'ERR_CORRUPT',
    `${label} holds no decodable audio, says backend "${backend}".`,
    { backend, input: label },
  )
}
