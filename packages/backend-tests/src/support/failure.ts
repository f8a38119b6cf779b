/** What a check throws when a backend does not do what it should; the message says what was expected and what was found. */
export class ConformanceFailure extends Error {
  /** Always "ConformanceFailure". */
  override readonly name = 'ConformanceFailure'
}

/** Throws a ConformanceFailure unless `holds`. */
export function ensure(holds: boolean, message: string): asserts holds {
  if (!holds) throw new ConformanceFailure(message)
}

/** Throws unless the two are the same value. */
export function ensureSame(found: unknown, expected: unknown, what: string): void {
  ensure(Object.is(found, expected), `${what} is ${String(found)}, not ${String(expected)}`)
}
