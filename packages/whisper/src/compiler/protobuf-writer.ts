/** Writes one protobuf message, field by field; https://protobuf.dev/programming-guides/encoding/ */
export class ProtobufWriter {
  readonly #parts: Uint8Array[] = []
  #length = 0

  /** A whole number; negative ones as 64-bit two's complement. */
  integer(field: number, value: number): this {
    return this.#add(varint((field << 3) | 0)).#add(varint(value))
  }

  /** A float32. */
  float(field: number, value: number): this {
    const bytes = new Uint8Array(4)
    new DataView(bytes.buffer).setFloat32(0, value, true)
    return this.#add(varint((field << 3) | 5)).#add(bytes)
  }

  /** Bytes, text or a message within this one. */
  bytes(field: number, value: Uint8Array | string | ProtobufWriter): this {
    const bytes =
      typeof value === 'string'
        ? new TextEncoder().encode(value)
        : value instanceof ProtobufWriter
          ? value.finish()
          : value
    return this.#add(varint((field << 3) | 2))
      .#add(varint(bytes.length))
      .#add(bytes)
  }

  /** The whole message. */
  finish(): Uint8Array {
    const out = new Uint8Array(this.#length)
    let at = 0
    for (const part of this.#parts) {
      out.set(part, at)
      at += part.length
    }
    return out
  }

  #add(part: Uint8Array): this {
    this.#parts.push(part)
    this.#length += part.length
    return this
  }
}

function varint(value: number): Uint8Array {
  const bytes: number[] = []
  let left = BigInt.asUintN(64, BigInt(value))
  while (left > 127n) {
    bytes.push(Number(left & 127n) | 128)
    left >>= 7n
  }
  bytes.push(Number(left))
  return Uint8Array.from(bytes)
}
