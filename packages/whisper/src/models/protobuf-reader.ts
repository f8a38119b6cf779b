import type { WeightFileReader } from './weight-file-reader.js'

/** A field of a protobuf message; https://protobuf.dev/programming-guides/encoding/ */
export interface ProtobufField {
  readonly number: number
  /** Of a whole number; 0 for others. */
  readonly value: number
  /** Where the bytes of text, a message or a fixed number lie in the file. */
  readonly start: number
  readonly length: number
  /** 0 whole number, 1 eight bytes, 2 bytes, 5 four bytes. */
  readonly wire: number
}

const WINDOW_BYTES = 1 << 18
/** Longest whole number in bytes. */
const VARINT_BYTES = 10
const LONGEST_TEXT = 1 << 16

/** A message in a file, read field by field without its large parts. Fails through `damaged` for what is no protobuf. */
export class ProtobufReader {
  readonly #file: WeightFileReader
  readonly #damaged: (problem: string, byteOffset: number) => Error
  #window: Uint8Array = new Uint8Array(0)
  #windowStart = 0

  constructor(file: WeightFileReader, damaged: (problem: string, byteOffset: number) => Error) {
    this.#file = file
    this.#damaged = damaged
  }

  /** The fields of the message that lies in this part of the file. */
  async *fields(start = 0, length: number = this.#file.size): AsyncGenerator<ProtobufField> {
    const end = start + length
    for (let at = start; at < end;) {
      await this.#look(at, Math.min(end - at, 3 * VARINT_BYTES))
      const key = this.#varint(at, end)
      at = key.next
      const number = Math.floor(key.value / 8)
      const wire = key.value % 8
      let value = 0
      let size = wire === 1 ? 8 : wire === 5 ? 4 : 0
      if (wire === 0 || wire === 2) {
        const read = this.#varint(at, end)
        at = read.next
        if (wire === 0) value = read.value
        else size = read.value
      }
      if (number === 0 || wire === 3 || wire === 4 || wire > 5) {
        throw this.#damaged(`a field of kind ${wire} makes no sense`, at)
      }
      if (size > end - at) {
        throw this.#damaged(`a field should have ${size} bytes, but ${end - at} are left`, at)
      }
      yield { number, value, start: at, length: size, wire }
      at += size
    }
  }

  /** A field that is text. */
  async text({ start, length }: ProtobufField): Promise<string> {
    if (length > LONGEST_TEXT)
      throw this.#damaged(`a name of ${length} bytes makes no sense`, start)
    return new TextDecoder().decode(await this.#bytes(start, length))
  }

  /** A field of whole numbers, one or many in one. */
  async integers(field: ProtobufField): Promise<readonly number[]> {
    if (field.wire === 0) return [field.value]
    const end = field.start + field.length
    if (field.length > LONGEST_TEXT) throw this.#damaged('too many numbers in a list', field.start)
    await this.#look(field.start, field.length)
    const numbers: number[] = []
    for (let at = field.start; at < end;) {
      const { value, next } = this.#varint(at, end)
      numbers.push(value)
      at = next
    }
    return numbers
  }

  async #bytes(start: number, length: number): Promise<Uint8Array> {
    await this.#look(start, length)
    return this.#window.subarray(start - this.#windowStart, start - this.#windowStart + length)
  }

  /** Makes this part of the file readable at once. */
  async #look(start: number, length: number): Promise<void> {
    const from = start - this.#windowStart
    if (from >= 0 && from + length <= this.#window.length) return
    const size = Math.min(Math.max(length, WINDOW_BYTES), this.#file.size - start)
    this.#window = await this.#file.read(start, size)
    this.#windowStart = start
  }

  #varint(start: number, end: number): { value: number; next: number } {
    let value = 0
    for (let index = 0; index < VARINT_BYTES && start + index < end; index++) {
      const byte = this.#window[start + index - this.#windowStart] ?? 0
      value += (byte & 127) * 2 ** (7 * index)
      if (byte < 128) return { value, next: start + index + 1 }
    }
    throw this.#damaged('a number does not end', start)
  }
}
