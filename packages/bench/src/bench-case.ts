/** One line of a report: what was measured, against which bar. */
export interface Measurement {
  readonly name: string
  readonly value: string
  /** What is asked for; `null` for a line that only informs. */
  readonly bar: string | null
  readonly met: boolean | null
  /** The single runs behind `value`, for the JSON report. */
  readonly runs?: Readonly<Record<string, readonly number[]>>
}

/** A numbered row of the bars: a command that measures it. */
export interface BenchCase {
  readonly id: string
  readonly title: string
  run(options: { readonly runs: number }): Promise<readonly Measurement[]>
}
