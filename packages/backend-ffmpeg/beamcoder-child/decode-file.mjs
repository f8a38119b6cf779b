import { closeSync } from 'node:fs'

import { decodePackets } from './decode-packets.mjs'
import { openTrack } from './open-track.mjs'
import { send } from './send.mjs'
import { Signal } from './signal.mjs'
import { trackFacts } from './track-facts.mjs'

/**
 * What a request asks for, in frames of the file.
 *
 * @typedef {object} DecodeRequest
 * @property {'describe' | 'count' | 'decode'} kind
 * @property {string} path
 * @property {number | null} track Audio track, counted from 0; null: the container's default.
 * @property {string} demuxers Names of demuxers that may be used, separated by commas.
 * @property {number} start First frame.
 * @property {number | null} end Frame after the last one; null: the end.
 * @property {{ maxOutputBytes: number, maxDurationSeconds: number }} limits
 * @property {boolean} careful Say before each step which it is, and decode packets one by one.
 * @property {readonly number[]} skip Packets not to be decoded, counted from 0: known to be damaged.
 * @property {number | null} stopAt Packet before which the file cannot be read any further.
 */

/** What of the file is wanted, by kind of request. */
const RANGES = {
  describe: () => ({ start: 0, end: 0 }),
  count: () => ({ start: 0, end: null }),
  decode: ({ start, end }) => ({ start, end }),
}

/**
 * Decodes a file: sends what the track is when its first frame is there, then samples, and gives what the end tells.
 *
 * @param {any} beamcoder
 * @param {DecodeRequest} request
 */
export async function decodeFile(beamcoder, request) {
  const { kind } = request
  send({ kind: 'at', step: 'open', packet: 0 })
  const track = await openTrack(beamcoder, request)
  try {
    const facts = trackFacts(track)
    const signal = new Signal(
      facts,
      RANGES[kind](request),
      request.limits,
      kind === 'decode' ? sendSamples : null,
    )
    signal.onStart = () => send({ kind: 'facts', facts: { ...facts, ...signal.describe() } })
    await decodePackets(track, request, signal)
    return { kind: 'end', ...signal.finish(), memory: process.memoryUsage.rss() }
  } finally {
    track.demuxer.forceClose()
    closeSync(track.file)
  }
}

/** @param {readonly Float32Array[]} planes All on one buffer, one behind the other. */
function sendSamples(planes) {
  const [first] = planes
  if (first === undefined || first.length === 0) return
  const bytes = new Uint8Array(first.buffer, 0, first.byteLength * planes.length)
  send({ kind: 'samples', frames: first.length }, bytes)
}
