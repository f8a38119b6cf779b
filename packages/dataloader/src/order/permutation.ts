import { finish, hashWords, mixIn } from './hash-words.js'

/** Which item stands at a position. */
export type Permutation = (position: number) => number

/** Luby and Rackoff need four rounds against an adversary; small domains take more to look random. */
const ROUNDS = 10

/**
 * A permutation of the whole numbers below `length`, chosen by `key`, in a few words of memory whatever the length: a Feistel network
 * over the next even number of bits, applied again while it leads out of the range (cycle walking; at most four times on average).
 * `length` is at most 2^31 − 1.
 */
export function createPermutation(length: number, key: readonly number[]): Permutation {
  if (length < 2) return (position) => position
  const halfBits = Math.max(1, Math.ceil(Math.log2(length) / 2))
  const half = 2 ** halfBits
  const mask = half - 1
  const keys = Array.from({ length: ROUNDS }, (_, round) => hashWords([round, ...key]))
  const scramble = (value: number): number => {
    let left = Math.floor(value / half)
    let right = value & mask
    for (const roundKey of keys) {
      const next = left ^ (finish(mixIn(roundKey, right)) & mask)
      left = right
      right = next
    }
    return left * half + right
  }
  return (position) => {
    let value = scramble(position)
    while (value >= length) value = scramble(value)
    return value
  }
}
