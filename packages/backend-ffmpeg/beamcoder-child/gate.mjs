/** Governors whose read has not come back; a freed one would take its lock with it. */
const held = new Set()

/**
 * Makes calls of beamcoder's that work in the background, so that the work begins only when the last of them has returned.
 *
 * beamcoder's functions queue their work and then write "no error" to where the work notes its errors. Work that fails at once is
 * sooner: beamcoder goes on with a NULL pointer and crashes, or gives an empty packet, or nothing for a packet that could not be
 * decoded. With one background thread (UV_THREADPOOL_SIZE=1) a job that waits, queued first, keeps the others from starting: the read
 * of a governor waits until `finish`.
 *
 * @template T
 * @param {any} beamcoder
 * @param {() => T} call
 * @returns {T}
 */
export function gated(beamcoder, call) {
  const governor = beamcoder.governor({ highWaterMark: 1 })
  held.add(governor)
  const release = () => void held.delete(governor)
  governor.read(1).then(release, release)
  try {
    return call()
  } finally {
    governor.finish()
  }
}
