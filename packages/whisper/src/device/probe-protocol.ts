/** What the probe shall try. */
export interface ProbeRequest {
  /** Also a small graph on the graphics card. */
  readonly cuda: boolean
}

/** What came of it. */
export interface ProbeResult {
  /** Of onnxruntime-node. */
  readonly version: string
  /** Why the graphics card cannot be used; null when it can, or was not tried. */
  readonly cudaProblem: string | null
}

/** What the probe says; without a result onnxruntime-node itself could not be loaded. */
export type ProbeMessage = { readonly result: ProbeResult } | { readonly problem: string }
