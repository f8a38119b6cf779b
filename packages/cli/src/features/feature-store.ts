/** Where the features of many files go. */
export interface FeatureStore {
  /** Whether the features of this input, by these options, are there already. */
  has(output: FeatureOutput): Promise<boolean>
  /** Keeps a .npy file, given in pieces. */
  put(output: FeatureOutput, pieces: readonly Uint8Array[]): Promise<void>
  /** All is there. */
  finish(): Promise<void>
  /** Lets go. What was not finished can be continued. */
  close(): Promise<void>
}

/** One file's place. */
export interface FeatureOutput {
  /** As in `FoundFile`. */
  readonly name: string
  /** Identity of the input. */
  readonly input: string
  readonly options: string
}
