/**
 * A file that is not decoded, or an error of FFmpeg's on the way.
 *
 * `code`: one of core's error codes. `step` and `packet`: what was being done, when FFmpeg reported an error.
 */
export class Refusal extends Error {
  /**
   * @param {string} code
   * @param {string} message
   * @param {{ step?: 'open' | 'read' | 'decode', packet?: number }} [where]
   */
  constructor(code, message, where = {}) {
    super(message)
    this.code = code
    this.step = where.step
    this.packet = where.packet
  }
}
