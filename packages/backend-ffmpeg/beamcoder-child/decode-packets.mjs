import { gated } from './gate.mjs'
import { PacketBatches } from './packet-batches.mjs'
import { PacketReader } from './packet-reader.mjs'
import { Refusal } from './refusal.mjs'
import { send } from './send.mjs'
import { watched } from './watchdog.mjs'

/**
 * Decodes the packets of a track, in order, until the signal has all that was asked for. An error of FFmpeg's is a refusal with the
 * step and, where it is known, the packet.
 *
 * @param {{ beamcoder: any, demuxer: any, stream: any, decoder: any }} track
 * @param {import('./decode-file.mjs').DecodeRequest} request
 * @param {import('./signal.mjs').Signal} signal
 */
export async function decodePackets(track, { careful, stopAt, skip }, signal) {
  const { beamcoder, decoder, stream } = track
  const skipped = new Set(skip)
  const reader = new PacketReader(track, careful ? 1 : undefined)
  const batches = new PacketBatches(stream.codecpar.name, careful)
  const tell = teller(careful)
  let number = 0
  const call = async (work, packet) => {
    tell('decode', packet)
    try {
      const { frames } = await watched(() => gated(beamcoder, work))
      // In place of a damaged packet there may be a frame of nothing.
      return frames.filter(({ nb_samples }) => nb_samples > 0).map(toFrame)
    } catch {
      throw new Refusal('ERR_CORRUPT', 'FFmpeg cannot decode it', { step: 'decode', packet })
    }
  }
  const decode = async (packets) => {
    for (let rest = packets; rest.length > 0;) {
      const frames = await call(() => decoder.decode(rest), careful ? number - 1 : undefined)
      rest = batches.giveOut(rest, frames, signal)
    }
  }
  while (!signal.isComplete && number !== stopAt) {
    tell('read', number)
    const packet = await reader.next(number)
    if (packet === null) break
    signal.notePacket(packet)
    number += 1
    if (skipped.has(number - 1)) {
      await decode(batches.take())
      signal.conceal(packet)
      continue
    }
    for (const batch of batches.add(packet)) await decode(batch)
  }
  if (signal.isComplete) return
  await decode(batches.take())
  if (number === stopAt) return signal.stop()
  signal.take(await call(() => decoder.flush(), number))
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
