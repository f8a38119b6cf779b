import { closeSync } from 'node:fs'

import { keep, takeKept } from './kept-file.mjs'
import { openTrack } from './open-track.mjs'
import { PacketDecoder } from './packet-decoder.mjs'
import { send } from './send.mjs'
import { Signal } from './signal.mjs'
import { trackFacts } from './track-facts.mjs'
import { Wanted } from './wanted.mjs'

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

/**
 * Decodes a file: sends what the track is when its first frame is there, then samples, and gives what the end tells.
 *
 * @param {any} beamcoder
 * @param {DecodeRequest} request
 */
export async function decodeFile(beamcoder, request) {
  const { kind, start, end, limits } = request
  send({ kind: 'at', step: 'open', packet: 0 })
  const opened = takeKept(request) ?? (await open(beamcoder, request))
  let isKept = false
  try {
    const { signal, decoder } = opened
    if (kind === 'decode') signal.want(new Wanted({ start, end }, limits, sendSamples))
    if (kind === 'count') signal.want(new Wanted({ start: 0, end: null }, limits, null))
    await decoder.run()
    const told = { kind: 'end', ...signal.finish(), memory: process.memoryUsage.rss() }
    if (kind === 'describe') isKept = keep(opened, request)
    return told
  } finally {
    if (!isKept) close(opened)
  }
}

async function open(beamcoder, request) {
  const track = await openTrack(beamcoder, request)
  try {
    const facts = trackFacts(track)
    const signal = new Signal(facts)
    const sendFacts = () => send({ kind: 'facts', facts: { ...facts, ...signal.describe() } })
    signal.onStart = sendFacts
    return { track, signal, decoder: new PacketDecoder(track, request, signal), sendFacts }
  } catch (error) {
    close({ track })
    throw error
  }
}

function close({ track }) {
  track.demuxer.forceClose()
  closeSync(track.file)
}

/** @param {readonly Float32Array[]} planes All on one buffer, one behind the other. */
function sendSamples(planes) {
  const [first] = planes
  if (first === undefined || first.length === 0) return
  const bytes = new Uint8Array(first.buffer, 0, first.byteLength * planes.length)
  send({ kind: 'samples', frames: first.length }, bytes)
}
