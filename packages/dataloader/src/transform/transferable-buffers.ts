/** How deep a result is looked through. */
const MAX_DEPTH = 4

/**
 * The ArrayBuffers that a value holds, each once: of typed arrays in plain objects and arrays. A typed array that is a small part of a
 * larger buffer is left to be copied, since all of the buffer would go with it.
 */
export function transferableBuffers(value: unknown): ArrayBuffer[] {
  const used = new Map<ArrayBuffer, number>()
  collect(value, used, MAX_DEPTH)
  return [...used]
    .filter(([buffer, bytes]) => 2 * bytes >= buffer.byteLength)
    .map(([buffer]) => buffer)
}

/** Bytes of the arrays that a value holds. */
export function bytesOf(value: unknown): number {
  const used = new Map<ArrayBuffer, number>()
  collect(value, used, MAX_DEPTH)
  let bytes = 0
  for (const each of used.values()) bytes += each
  return bytes
}

function collect(value: unknown, used: Map<ArrayBuffer, number>, depth: number): void {
  if (typeof value !== 'object' || value === null || depth < 0) return
  if (value instanceof ArrayBuffer) {
    used.set(value, value.byteLength)
  } else if (ArrayBuffer.isView(value)) {
    const { buffer } = value
    // Node's pool of small Buffers is shared by all of them.
    if (!(buffer instanceof ArrayBuffer) || Buffer.isBuffer(value)) return
    used.set(buffer, (used.get(buffer) ?? 0) + value.byteLength)
  } else if (Array.isArray(value) || isPlain(value)) {
    for (const member of Object.values(value)) collect(member, used, depth - 1)
  }
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype
}
