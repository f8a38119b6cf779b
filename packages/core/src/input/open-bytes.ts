import { emptyInput } from './input-errors.js'
import { HEADER_BYTES, readHeader } from './read-header.js'
import type { ResolvedInput } from './resolved-input.js'

/** Bytes that are already private, as an input. ERR_CORRUPT when there are none. */
export async function openBytes(
  bytes: Uint8Array,
  label: string,
  extension: string | null = null,
): Promise<ResolvedInput> {
  if (bytes.byteLength === 0) throw emptyInput(label)
  const header = await readHeader((at) => bytes.slice(at, at + HEADER_BYTES), bytes.byteLength)
  return { path: null, bytes, label, size: bytes.byteLength, header, extension }
}
