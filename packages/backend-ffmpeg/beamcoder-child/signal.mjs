import { Holes } from './holes.mjs'
import { isKnown } from './read-planes.mjs'
import { Refusal } from './refusal.mjs'
import { endOf, lead, promised } from './trim.mjs'

/**
 * The signal of a track: counts its frames, cuts what is before and behind it, and gives out the wanted range, with silence where
 * packets are damaged or missing.
 */
export class Signal {
  /** Called when the form of the samples is known. */
  onStart = () => {}
  #facts
  /** What is wanted; null as long as that is only to know the form of the samples. */
  #wanted = null
  #kept = []
  #started = false
  /** The frame of the signal that comes next. */
  #position = 0
  /** Frames still to be dropped before the signal. */
  #lead = 0
  /** Where the signal ends although the decoder goes on. */
  #end = Infinity
  /** Frames that FFmpeg was told to cut, and those cut here. */
  #trim = { start: 0, end: 0, lead: 0, rest: 0 }
  #damaged = []
  #truncated = false
  /** Frames of the last good packet. */
  #usual = 0
  /** Frames of silence for damaged packets since the last frame. */
  #silence = 0
  /** Damaged packets before the first frame. */
  #early = []
  #holes = new Holes()

  /** @param {import('./track-facts.mjs').TrackFacts} facts */
  constructor(facts) {
    this.#facts = facts
  }

  /** Whether nothing more is wanted. To know the form of the samples, a frame is. */
  get isComplete() {
    if (this.#wanted === null) return this.#started
    return this.#started && this.#position >= Math.min(this.#wanted.end, this.#end)
  }

  /** Says what is wanted; until then the first frames are kept. @param {import('./wanted.mjs').Wanted} wanted */
  want(wanted) {
    this.#wanted = wanted
    if (this.#kept.length > 0) this.#give(this.#kept.splice(0))
  }

  /** What is known after the first frame; the length is an estimate. */
  describe() {
    const all = promised(this.#facts)
    const delay = this.#facts.countsDelay ? this.#trim.start : this.#trim.lead
    const frames = Number.isFinite(this.#end)
      ? this.#end
      : all === null
        ? null
        : Math.max(0, all - delay)
    return { frames, expected: this.#facts.isCounted ? frames : null }
  }

  /** Adds up what the container tells FFmpeg to cut. */
  notePacket({ side_data: sideData }) {
    const skip = sideData?.skip_samples
    if (!(skip?.length >= 8)) return
    this.#trim.start += skip.readUInt32LE(0)
    this.#trim.end += skip.readUInt32LE(4)
  }

  /** Takes decoded frames. */
  take(frames) {
    const parts = []
    for (const frame of frames) {
      if (!this.#started) {
        this.#start(frame)
        parts.push(...this.#early.map((packet) => this.#silenceFor(packet)))
      }
      const { rate, channels } = this.#facts
      if (frame.rate !== rate || frame.channels !== channels) {
        const reason = `the audio changes to ${frame.channels} channels at ${frame.rate} Hz`
        this.#truncated = true
        parts.push({ frames: Math.round((frame.nb_samples * rate) / frame.rate), reason })
        continue
      }
      const hole = this.#holeBefore(frame)
      if (hole > 0) parts.push({ frames: hole, reason: 'the file lacks what belongs here' })
      parts.push({ frame, frames: frame.nb_samples })
      this.#usual = frame.nb_samples
    }
    this.#give(parts)
  }

  /** Silence in place of a packet that cannot be decoded. */
  conceal(packet) {
    // Before the first frame nobody knows what silence looks like.
    if (!this.#started) return void this.#early.push(packet)
    const silence = this.#silenceFor(packet)
    this.#silence += silence.frames
    this.#give([silence])
  }

  /** The file cannot be read further. */
  stop() {
    this.#truncated = true
  }

  /** What the end tells. */
  finish() {
    if (!this.#started) throw new Refusal('ERR_CORRUPT', 'no audio could be decoded')
    const { start, end, lead: led, rest } = this.#trim
    const { expected } = this.describe()
    const { container, isCut, gaplessSource } = this.#facts
    const position = this.#position
    const wasRead = this.#wanted !== null && (position < this.#wanted.end || position >= this.#end)
    const missing = expected !== null && position < expected
    const short =
      container === 'mp3' && start > 0 && position + start + end < (promised(this.#facts) ?? 0)
    // In an Ogg file that is cut here FFmpeg cuts nothing, whatever it announces.
    const behind = rest + (rest > 0 && container === 'ogg' ? 0 : end)
    return {
      frames: position,
      expected,
      truncated: this.#truncated || (wasRead && (missing || short || isCut)),
      damaged: this.#damaged,
      gapless: { source: gaplessSource, start: start + led, end: behind },
    }
  }

  #start({ rate, channels, layout, format, pts, buffers }) {
    if (!isKnown(format))
      throw new Refusal('ERR_UNSUPPORTED_FORMAT', `FFmpeg gives samples of format ${format}`)
    if (buffers.length !== 1 && buffers.length !== channels) {
      throw new Refusal(
        'ERR_UNSUPPORTED_FORMAT',
        `beamcoder gives ${buffers.length} of ${channels} channels`,
      )
    }
    const facts = this.#facts
    Object.assign(facts, { rate, channels, layout: layout ?? facts.layout })
    facts.framesPerTick = (facts.clock[0] * rate) / facts.clock[1]
    this.#started = true
    this.#trim.lead = lead(facts, this.#place(pts))
    this.#lead = this.#trim.lead
    this.#end = endOf(facts, this.#trim) ?? Infinity
    for (const { from, to, byteOffset } of facts.lostPages) {
      const [first, last] = [from, to].map((granule) => Math.max(0, granule - this.#trim.start))
      const reason = 'Ogg pages are broken or missing'
      this.#damaged.push({ start: first, end: Math.max(last, first + 1), byteOffset, reason })
    }
    this.onStart()
  }

  /** Where the container places a frame, or null where it does not say it to the frame. */
  #place(pts) {
    const { clock, rate } = this.#facts
    return clock[0] === 1 && clock[1] === rate ? (pts ?? null) : null
  }

  #holeBefore({ pts, nb_samples: frames }) {
    const filled = this.#silence
    this.#silence = 0
    const place = this.#facts.isPlaced ? this.#place(pts) : null
    return place === null ? 0 : this.#holes.before(place, frames, filled, this.#facts.rate)
  }

  #silenceFor({ duration, pos }) {
    const said = Math.round((duration ?? 0) * this.#facts.framesPerTick)
    const frames = Math.min(said > 0 ? said : this.#usual, MOST_SILENCE)
    return { frames, byteOffset: pos >= 0 ? pos : null, reason: 'FFmpeg cannot decode this packet' }
  }

  /** Cuts parts to the signal and to the range, and gives out what is left. */
  #give(parts) {
    if (this.#wanted === null) return void this.#kept.push(...parts)
    const pieces = []
    for (const part of parts) {
      const { frame, frames, reason, byteOffset = null } = part
      const dropped = frame === undefined ? 0 : Math.min(this.#lead, frames)
      const inside = Math.min(frames - dropped, Math.max(0, this.#end - this.#position))
      const start = this.#position
      if (reason !== undefined) {
        this.#damaged.push({ start, end: start + inside, byteOffset, reason })
      }
      if (inside > 0) this.#trim.rest += frames - dropped - inside
      pieces.push(...this.#wanted.pieceOf(part, start, dropped, inside))
      this.#lead -= dropped
      this.#position += inside
    }
    this.#wanted.give(pieces, this.#facts)
  }
}

/** A damaged packet is not concealed by more silence than this. */
const MOST_SILENCE = 1 << 20
