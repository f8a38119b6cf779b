import { writeSync } from 'node:fs'

/** Where answers go. */
const OUTPUT = 3

/**
 * Writes an answer: the sizes of both parts as 32-bit numbers, little-endian, a header in JSON, and samples. It waits until the other
 * side has taken it, so that memory does not grow, and so that what was said before a crash has arrived.
 *
 * @param {object} header
 * @param {Uint8Array} [payload]
 */
export function send(header, payload = new Uint8Array(0)) {
  const text = Buffer.from(JSON.stringify(header))
  const sizes = Buffer.alloc(8)
  sizes.writeUInt32LE(text.length, 0)
  sizes.writeUInt32LE(payload.length, 4)
  write(Buffer.concat([sizes, text]))
  write(payload)
}

/** @param {Uint8Array} bytes */
function write(bytes) {
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(OUTPUT, bytes, at)
    } catch (error) {
      // Nobody listens any more.
      if (error.code !== 'EAGAIN') process.kill(process.pid, 'SIGKILL')
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1)
    }
  }
}
