import type { Limits } from '@audiodecode/core'

/** What a process of beamcoder's says, beside samples: the header of an answer. */
export type Message =
  | { readonly kind: 'ready'; readonly version: string }
  | { readonly kind: 'broken'; readonly message: string }
  | { readonly kind: 'at'; readonly step: Step | null; readonly packet: number }
  | { readonly kind: 'facts'; readonly facts: TrackFacts }
  | { readonly kind: 'samples'; readonly frames: number }
  | Refused
  | End

/** What it was doing. */
export type Step = 'open' | 'read' | 'decode'

/** A file that it does not decode; with `step` and `packet` where FFmpeg reported an error. */
export interface Refused {
  readonly kind: 'refused'
  readonly code: string
  readonly message: string
  readonly step?: Step
  readonly packet?: number
}

/** What the end of a request tells, in frames of the file. */
export interface End {
  readonly kind: 'end'
  readonly frames: number
  readonly expected: number | null
  readonly truncated: boolean
  readonly damaged: readonly Damage[]
  readonly gapless: { readonly source: string; readonly start: number; readonly end: number }
  /** Resident bytes of the process. */
  readonly memory: number
}

/** Frames that are silence because something is damaged. */
export interface Damage {
  readonly start: number
  readonly end: number
  readonly byteOffset: number | null
  readonly reason: string
}

/** What a track is, in FFmpeg's words where core has none. */
export interface TrackFacts {
  readonly container: string
  /** The first four bytes. */
  readonly magic: string
  readonly codec: string
  readonly profile: string | number | null
  readonly rate: number
  readonly channels: number
  readonly layout: string | null
  readonly bits: number | null
  readonly bitRate: number | null
  readonly tracks: number
  readonly tags: Readonly<Record<string, string>>
  /** Length, estimated. */
  readonly frames: number | null
}

/** What is asked of a process: see beamcoder-child/decode-file.mjs. */
export interface ChildRequest {
  readonly kind: 'describe' | 'count' | 'decode'
  readonly path: string
  readonly track: number | null
  readonly demuxers: string
  readonly start: number
  readonly end: number | null
  readonly limits: Pick<Limits, 'maxOutputBytes' | 'maxDurationSeconds'>
  readonly careful: boolean
  readonly skip: readonly number[]
  readonly stopAt: number | null
}

/** Bytes of both sizes before a header. */
const SIZES = 8

/** Puts answers together from the pieces in which they arrive; samples go straight to where they stay. */
export class MessageReader {
  readonly #take: (message: Message, samples: Float32Array) => void
  #head = Buffer.alloc(0)
  #message: Message | null = null
  #samples = new Float32Array(0)
  #filled = 0

  constructor(take: (message: Message, samples: Float32Array) => void) {
    this.#take = take
  }

  /** Takes the next bytes. */
  push(bytes: Buffer): void {
    let rest = bytes
    while (rest.length > 0 || this.#isWhole()) {
      if (this.#message === null) rest = this.#readHead(rest)
      else {
        const target = new Uint8Array(this.#samples.buffer, this.#filled)
        const count = Math.min(target.length, rest.length)
        target.set(rest.subarray(0, count))
        this.#filled += count
        rest = rest.subarray(count)
      }
      if (!this.#isWhole()) continue
      const message = this.#message as Message
      this.#message = null
      this.#take(message, this.#samples)
    }
  }

  #isWhole(): boolean {
    return this.#message !== null && this.#filled === this.#samples.byteLength
  }

  /** Takes bytes for the sizes and the header; gives back what lies behind them. */
  #readHead(bytes: Buffer): Buffer {
    const wanted = this.#head.length < SIZES ? SIZES : SIZES + this.#head.readUInt32LE(0)
    const count = Math.min(wanted - this.#head.length, bytes.length)
    this.#head = Buffer.concat([this.#head, bytes.subarray(0, count)])
    if (this.#head.length >= SIZES && this.#head.length === SIZES + this.#head.readUInt32LE(0)) {
      this.#samples = new Float32Array(this.#head.readUInt32LE(4) / 4)
      this.#filled = 0
      this.#message = JSON.parse(this.#head.toString('utf8', SIZES)) as Message
      this.#head = Buffer.alloc(0)
    }
    return bytes.subarray(count)
  }
}
