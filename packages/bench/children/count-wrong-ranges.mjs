// Holds ranges against the slice of the whole file, bit for bit.
import { AudioDecoder, load } from '@audiodecode/core'

/**
 * `ranges` are { offset, duration } in seconds. Every second one goes through an opened decoder, the others through `load`.
 */
export async function countWrongRanges({ file, options, ranges }) {
  const native = await load(file)
  const whole =
    options.sampleRate === undefined && !options.mono ? native : await load(file, options)
  const decoder = await AudioDecoder.open(file, options)
  const wrong = []
  for (const [index, { offset, duration }] of ranges.entries()) {
    const part =
      index % 2 === 0
        ? await load(file, { ...options, offset, duration })
        : await decoder.decode({ offset, duration })
    const at = (seconds) => Math.min(Math.round(seconds * native.sampleRate), native.frames)
    const start = scaled(at(offset), native.sampleRate, whole.sampleRate)
    const end = scaled(at(offset + duration), native.sampleRate, whole.sampleRate)
    const why = difference(part, whole, start, end)
    if (why !== null) wrong.push({ offset, duration, why })
  }
  await decoder.close()
  return { checked: ranges.length, wrong: wrong.length, examples: wrong.slice(0, 5) }
}

/** ceil(frame × output ÷ input) in whole numbers. */
function scaled(frame, input, output) {
  return Number((BigInt(frame) * BigInt(output) + BigInt(input) - 1n) / BigInt(input))
}

function difference(part, whole, start, end) {
  if (part.channels !== whole.channels) return `${part.channels} channels`
  if (part.frames !== end - start) return `${part.frames} frames instead of ${end - start}`
  for (const [channel, plane] of part.channelData.entries()) {
    const expected = bytes(whole.channelData[channel].subarray(start, end))
    if (!bytes(plane).equals(expected)) return `channel ${channel} differs`
  }
  return null
}

function bytes(plane) {
  return Buffer.from(plane.buffer, plane.byteOffset, plane.byteLength)
}
