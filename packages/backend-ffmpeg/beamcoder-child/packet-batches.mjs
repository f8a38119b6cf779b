import { givesFrames } from './one-frame-codecs.mjs'

/** Most packets decoded at once: each call costs a turn of the event loop. */
const MOST_AT_ONCE = 64

/**
 * Packets that are decoded together, and which frames are whose. beamcoder forgets the errors of decoders, and with a packet that
 * cannot be decoded it may pass over those behind it. A packet that is not among the times of the frames was damaged.
 */
export class PacketBatches {
  #findsDamage
  #isVorbis
  #most
  #atOnce = 1
  #packets = []
  /** Time of the last packet; a batch needs times that tell packets apart. */
  #time = -Infinity
  #given = 0

  /** @param {string} codec @param {boolean} careful Decode all of them one by one. */
  constructor(codec, careful) {
    this.#findsDamage = givesFrames(codec)
    this.#isVorbis = codec === 'vorbis'
    this.#most = careful || !this.#findsDamage ? 1 : MOST_AT_ONCE
  }

  /** Adds a packet; gives the batches that are to be decoded now. */
  add(packet) {
    const isTimed = packet.dts > this.#time
    if (!isTimed) this.#most = 1
    this.#time = packet.dts
    if (!isTimed || mayGiveNothing(packet)) return [this.take(), [packet]]
    this.#packets.push(packet)
    if (this.#packets.length < Math.min(this.#atOnce, this.#most)) return []
    // The first one alone: it tells the form of the samples, and that may be all that is wanted.
    this.#atOnce *= 2
    return [this.take()]
  }

  /** What has been added and not been given. */
  take() {
    const packets = this.#packets
    this.#packets = []
    return packets
  }

  /** Gives the frames of a batch to the signal, and silence for what is damaged; gives back the packets that were passed over. */
  giveOut(packets, frames, signal) {
    const own = this.#findsDamage ? framesOf(packets, frames) : null
    if (own === null) {
      signal.take(frames)
      return []
    }
    // The first packet behind the last one with frames is damaged; those behind it have not been looked at.
    const looked = own.findLastIndex((some) => some.length > 0) + 2
    let good = []
    for (const [index, packet] of packets.slice(0, looked).entries()) {
      const isFirstOfVorbis = this.#isVorbis && this.#given === 0
      this.#given += 1
      good.push(...own[index])
      if (own[index].length > 0 || mayGiveNothing(packet) || isFirstOfVorbis) continue
      signal.take(good)
      good = []
      signal.conceal(packet)
    }
    signal.take(good)
    return packets.slice(looked)
  }
}

/** The frames of each packet, or null when a frame belongs to none. */
function framesOf(packets, frames) {
  if (packets.length === 1) return [frames]
  const byTime = new Map(packets.map(({ dts }) => [dts, []]))
  for (const frame of frames) {
    if (!byTime.has(frame.time)) return null
    byTime.get(frame.time).push(frame)
  }
  return [...byTime.values()]
}

/**
 * Whether the container says something besides: that samples are not part of the signal, or that another stream begins; or whether it
 * does not say how long the packet is, as with headers in the middle.
 */
const mayGiveNothing = ({ flags, side_data: sideData, duration }) =>
  flags?.DISCARD === true || sideData != null || !(duration > 0)
