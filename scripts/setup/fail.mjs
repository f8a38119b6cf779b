/**
 * Ends the program with a message instead of a stack trace: what is wrong, then what to do.
 *
 * @param {string} message
 * @returns {never}
 */
export function fail(message) {
  console.error(`\n${message}\n`)
  process.exit(1)
}
