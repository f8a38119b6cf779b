import { fail } from './fail.mjs'

/** Ends the program when this Node is older than the packages support (`require` of ES modules came with 20.19 and 22.12). */
export function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const supported = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22
  if (!supported) {
    fail(
      `Node ${process.versions.node} is too old: AudioDecode needs 20.19 or newer, or 22.12 or newer.`,
    )
  }
}
