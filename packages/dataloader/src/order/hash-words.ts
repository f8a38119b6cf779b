/**
 * A well-mixed whole number of 32 bits for a list of whole numbers: the steps of MurmurHash3 (x86, 32 bit). The same numbers give the
 * same result on every machine, which shuffles and crops depend on.
 */
export function hashWords(words: readonly number[]): number {
  let hash = words.length
  for (const word of words) {
    // Seeds may have up to 53 bits.
    hash = mixIn(hash, word >>> 0)
    const high = Math.floor(word / 2 ** 32)
    if (high !== 0) hash = mixIn(hash, high >>> 0)
  }
  return finish(hash)
}

/** A number from 0 up to 1, of 53 random bits, for a list of whole numbers. */
export function unitNumber(words: readonly number[]): number {
  const high = hashWords([0, ...words]) >>> 5
  const low = hashWords([1, ...words]) >>> 6
  return (high * 2 ** 26 + low) / 2 ** 53
}

/** Takes one more word in. */
export function mixIn(hash: number, word: number): number {
  let mixed = Math.imul(word, 0xcc9e2d51)
  mixed = (mixed << 15) | (mixed >>> 17)
  let next = hash ^ Math.imul(mixed, 0x1b873593)
  next = (next << 13) | (next >>> 19)
  return (Math.imul(next, 5) + 0xe6546b64) | 0
}

/** Spreads every bit over all others. */
export function finish(hash: number): number {
  let mixed = hash ^ (hash >>> 16)
  mixed = Math.imul(mixed, 0x85ebca6b)
  mixed ^= mixed >>> 13
  mixed = Math.imul(mixed, 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}
