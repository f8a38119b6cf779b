import { gated } from './gate.mjs'
import { PacketBatches } from './packet-batches.mjs'
import { PacketReader } from './packet-reader.mjs'
import { Refusal } from './refusal.mjs'
import { send } from './send.mjs'
import { watched } from './watchdog.mjs'

/** Decodes the packets of a track, in order. An error of FFmpeg's is a refusal with the step and, where it is known, the packet. */
export class PacketDecoder {
  #beamcoder
  #decoder
  #signal
  #reader
  #batches
  #tell
  #careful
  #stopAt
  #skip
  /** Packets read so far. */
  #number = 0

  /**
   * @param {{ beamcoder: any, demuxer: any, stream: any, decoder: any }} track
   * @param {import('./decode-file.mjs').DecodeRequest} request
   * @param {import('./signal.mjs').Signal} signal
   */
  constructor(track, { careful, stopAt, skip }, signal) {
    this.#beamcoder = track.beamcoder
    this.#decoder = track.decoder
    this.#signal = signal
    this.#reader = new PacketReader(track, careful ? 1 : undefined)
    this.#batches = new PacketBatches(track.stream.codecpar.name, careful)
    this.#careful = careful
    this.#stopAt = stopAt
    this.#skip = new Set(skip)
  }

  /** Goes on until the signal has all that is wanted of it by now. */
  async run() {
    const signal = this.#signal
    this.#tell = teller(this.#careful)
    while (!signal.isComplete && this.#number !== this.#stopAt) {
      this.#tell('read', this.#number)
      const packet = await this.#reader.next(this.#number)
      if (packet === null) break
      signal.notePacket(packet)
      this.#number += 1
      if (this.#skip.has(this.#number - 1)) {
        await this.#decode(this.#batches.take())
        signal.conceal(packet)
        continue
      }
      for (const batch of this.#batches.add(packet)) await this.#decode(batch)
    }
    if (signal.isComplete) return
    await this.#decode(this.#batches.take())
    if (this.#number === this.#stopAt) return signal.stop()
    signal.take(await this.#call(() => this.#decoder.flush(), this.#number))
  }

  async #decode(packets) {
    const number = this.#careful ? this.#number - 1 : undefined
    for (let rest = packets; rest.length > 0;) {
      const frames = await this.#call(() => this.#decoder.decode(rest), number)
      rest = this.#batches.giveOut(rest, frames, this.#signal)
    }
  }

  async #call(work, packet) {
    this.#tell('decode', packet)
    try {
      const { frames } = await watched(() => gated(this.#beamcoder, work))
      // In place of a damaged packet there may be a frame of nothing.
      return frames.filter(({ nb_samples }) => nb_samples > 0).map(toFrame)
    } catch {
      throw new Refusal('ERR_CORRUPT', 'FFmpeg cannot decode it', { step: 'decode', packet })
    }
  }
}

/** Says beforehand what is done, should it end the process: every step when careful, else once that steps are not told. */
function teller(careful) {
  let told = true
  return (step, packet) => {
    if (careful) send({ kind: 'at', step, packet })
    else if (told) send({ kind: 'at', step: null, packet: 0 })
    told = careful
  }
}

/** A frame with all that is needed of it, read once: its buffers must not be asked for twice. */
function toFrame(frame) {
  const {
    format,
    channels,
    sample_rate: rate,
    channel_layout: layout,
    nb_samples,
    pts,
    pkt_dts: time,
    data,
  } = frame
  return { format, channels, rate, layout, nb_samples, pts, time, buffers: data }
}
