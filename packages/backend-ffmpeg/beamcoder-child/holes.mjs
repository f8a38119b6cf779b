/** A hole in the times longer than this many seconds is not filled. */
const MOST_SECONDS = 60
/** Frames in a row whose times must fit before one that does not is believed: those at the start may be guesses. */
const STEADY = 2

/** Notices by the times of the container that frames are missing. */
export class Holes {
  #end = null
  #steady = 0

  /**
   * Frames that are missing before those that begin at `place`, besides `filled` ones that are known to be missing.
   *
   * @param {number} place
   * @param {number} frames
   * @param {number} filled
   * @param {number} rate
   */
  before(place, frames, filled, rate) {
    const after = this.#end === null ? null : this.#end + filled
    const steady = this.#steady
    this.#end = place + frames
    this.#steady = place === after ? steady + 1 : 0
    if (after === null || place <= after) return 0
    return steady >= STEADY && place - after <= MOST_SECONDS * rate ? place - after : 0
  }
}
