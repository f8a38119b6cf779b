import { fileURLToPath } from 'node:url'
import { types } from 'node:util'

import type { AudioInput } from '../audio-input.js'
import type { Limits } from '../limits.js'
import { decodeDataUrl } from './data-url.js'
import { extensionOf } from './extension-of.js'
import { fetchUrl, withoutCredentials } from './fetch-url.js'
import { emptyInput, tooLarge } from './input-errors.js'
import { openBytes } from './open-bytes.js'
import { openPath } from './open-path.js'
import { privateCopy } from './private-copy.js'
import { readBlob } from './read-blob.js'
import { readResponse } from './read-response.js'
import { readStream } from './read-stream.js'
import type { ResolvedInput } from './resolved-input.js'

export type { ResolvedInput } from './resolved-input.js'

/** What bounds the reading of an input. */
export interface ResolveOptions {
  readonly limits: Limits
  readonly signal?: AbortSignal | undefined
}

/**
 * Turns whatever a caller may pass into a readable file or a private copy of the bytes, with the header that tells its format.
 *
 * Rejects with ERR_NOT_FOUND (no such file, status 404), ERR_IO (cannot be read), ERR_CORRUPT (empty), ERR_LIMIT_EXCEEDED
 * (larger than `maxInputBytes`, network forbidden), with TypeError for what is no audio input, and with `signal.reason`.
 */
export async function resolveInput(
  input: AudioInput,
  options: ResolveOptions,
): Promise<ResolvedInput> {
  const { limits, signal } = options
  signal?.throwIfAborted()
  if (typeof input === 'string') {
    const scheme = SCHEME.exec(input)
    return scheme === null ? openPath(input, input, limits, signal) : openUrl(input, options)
  }
  if (types.isUint8Array(input)) return copyBytes(input, options)
  if (types.isAnyArrayBuffer(input)) return copyBytes(new Uint8Array(input), options)
  if (input instanceof URL) return openUrl(input.href, options)
  if (isBlob(input)) {
    const name = 'name' in input && typeof input.name === 'string' ? input.name : null
    const label = name ?? `a blob of ${input.size} bytes`
    const bytes = await readBlob(input, label, limits, signal)
    return openBytes(bytes, label, name === null ? null : extensionOf(name))
  }
  if (isResponse(input)) {
    const label = input.url === '' ? 'a response' : input.url
    const bytes = await readResponse(input, label, limits, signal)
    return openBytes(
      bytes,
      label,
      URL.canParse(input.url) ? extensionOf(new URL(input.url).pathname) : null,
    )
  }
  if (isStream(input)) {
    const label = 'a stream'
    return openBytes(await readStream(input, { label, limits, signal }), label)
  }
  throw notAnInput(input)
}

const SCHEME = /^(https?|file|data):/i

async function copyBytes(
  source: Uint8Array,
  { limits, signal }: ResolveOptions,
): Promise<ResolvedInput> {
  const size = source.byteLength
  const label = `${size} bytes`
  if (size > limits.maxInputBytes) throw tooLarge(label, size, limits.maxInputBytes)
  if (size === 0) throw emptyInput('The buffer')
  return openBytes(await privateCopy(source, label, signal), label)
}

async function openUrl(text: string, { limits, signal }: ResolveOptions): Promise<ResolvedInput> {
  if (/^data:/i.test(text)) {
    const label = text.length > 64 ? `${text.slice(0, 61)}...` : text
    return openBytes(decodeDataUrl(text, label, limits), label)
  }
  if (!URL.canParse(text)) throw new TypeError(`not a valid URL: ${text}`)
  const url = new URL(text)
  switch (url.protocol) {
    case 'file:':
      return openPath(fileURLToPath(url), text, limits, signal)
    case 'http:':
    case 'https:': {
      const label = url.username + url.password === '' ? text : withoutCredentials(url).href
      const bytes = await fetchUrl(url, label, limits, signal)
      return openBytes(bytes, label, extensionOf(url.pathname))
    }
    default:
      throw new TypeError(
        `a URL must begin with http:, https:, file: or data:, not ${url.protocol}`,
      )
  }
}

// By tag, so that objects of another realm or of a fetch library count too.
function isBlob(input: object): input is Blob {
  const tag = Object.prototype.toString.call(input)
  return (tag === '[object Blob]' || tag === '[object File]') && 'slice' in input
}

function isResponse(input: object): input is Response {
  return Object.prototype.toString.call(input) === '[object Response]' && 'headers' in input
}

function isStream(input: unknown): input is ReadableStream<unknown> | AsyncIterable<unknown> {
  if (typeof input !== 'object' || input === null) return false
  return 'getReader' in input || Symbol.asyncIterator in input
}

function notAnInput(input: unknown): TypeError {
  const found = input === null ? 'null' : Object.prototype.toString.call(input).slice(8, -1)
  return new TypeError(
    `audio input must be a path, URL, Uint8Array, ArrayBuffer, Blob, Response or stream of Uint8Array, not ${found}`,
  )
}
