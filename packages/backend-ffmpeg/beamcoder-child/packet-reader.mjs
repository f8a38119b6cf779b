import { gated } from './gate.mjs'
import { Refusal } from './refusal.mjs'
import { watched } from './watchdog.mjs'

/** Most packets read at once: each wait costs a turn of the event loop. */
const MOST_AT_ONCE = 64

/** Gives the packets of one track, in order. */
export class PacketReader {
  #beamcoder
  #demuxer
  #index
  #atOnce = 2
  #most
  /** Results of reads: packets, null at the end, and errors. */
  #results = []

  /**
   * @param {{ beamcoder: any, demuxer: any, stream: any }} track
   * @param {number} most Packets to read at once.
   */
  constructor({ beamcoder, demuxer, stream }, most = MOST_AT_ONCE) {
    this.#beamcoder = beamcoder
    this.#demuxer = demuxer
    this.#index = stream.index
    this.#most = most
  }

  /** The next packet, or null at the end. `number` is what it is counted as when it cannot be read. */
  async next(number) {
    for (;;) {
      if (this.#results.length === 0) await this.#read()
      const { status, value } = this.#results.shift()
      if (status === 'rejected') {
        throw new Refusal('ERR_CORRUPT', 'FFmpeg cannot read on', { step: 'read', packet: number })
      }
      if (value === null || value.stream_index === this.#index) return value
    }
  }

  async #read() {
    this.#atOnce = Math.min(this.#most, this.#atOnce * 2)
    const calls = () => Array.from({ length: this.#atOnce }, () => this.#demuxer.read())
    this.#results = await watched(() => Promise.allSettled(gated(this.#beamcoder, calls)))
  }
}
