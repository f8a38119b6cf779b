/**
 * Where an epoch stands, as plain JSON of less than 300 bytes. It holds for every rank, when all of them have taken the same number
 * of batches, and for any other number of ranks and workers.
 */
export interface DataLoaderState {
  /** Version of this format. */
  readonly version: 1
  /** Identifies the items and how they are ordered: resuming with others is an error. */
  readonly fingerprint: string
  /** Number of the epoch, from 0. */
  readonly epoch: number
  /** Items of the epoch's order that were taken, by all ranks, skipped ones included. */
  readonly position: number
  /** Seed of the orders and crops. */
  readonly seed: number
}

/** Checks a state that came from somewhere. Throws TypeError or RangeError. */
export function checkState(state: unknown, items: number): DataLoaderState {
  if (typeof state !== 'object' || state === null) {
    throw new TypeError('state must be what state() gave')
  }
  const { version, fingerprint, epoch, position, seed } = state as Partial<
    Record<keyof DataLoaderState, unknown>
  >
  if (version !== 1) {
    throw new RangeError(`the state has version ${String(version)}; this loader knows version 1`)
  }
  if (typeof fingerprint !== 'string') throw new TypeError('state.fingerprint must be a string')
  return {
    version,
    fingerprint,
    epoch: wholeMember(epoch, 'epoch', 0, Number.MAX_SAFE_INTEGER),
    position: wholeMember(position, 'position', 0, items),
    seed: wholeMember(seed, 'seed', Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
  }
}

function wholeMember(value: unknown, name: string, least: number, most: number): number {
  if (typeof value !== 'number') throw new TypeError(`state.${name} must be a number`)
  if (!Number.isSafeInteger(value) || value < least || value > most) {
    throw new RangeError(`state.${name} must be a whole number from ${least} to ${most}`)
  }
  return value
}
