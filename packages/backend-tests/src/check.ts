import type { AudioBackend } from '@audiodecode/core'

import type { ConformanceSample } from './conformance-sample.js'

/** Names of the checks, as toggles and tables use them. */
export type CheckName =
  | 'info'
  | 'samples'
  | 'channels'
  | 'ranges'
  | 'conversion'
  | 'resampling'
  | 'blocks'
  | 'out'
  | 'inputs'
  | 'several'
  | 'abort'
  | 'limits'
  | 'damage'
  | 'truncation'
  | 'extension'
  | 'no-frames'
  | 'paths'
  | 'peeks'
  | 'not-audio'

/** One thing that every backend does. */
export interface Check {
  /** Short name. */
  readonly name: CheckName
  /** What holds, as a sentence. */
  readonly title: string
  /** Whether it says something about this file and this backend. */
  readonly applies: (sample: ConformanceSample, backend: AudioBackend) => boolean
  /** Whether one file is enough, the first to which it applies. */
  readonly once?: boolean
  /** Rejects with a ConformanceFailure that says what is wrong. */
  readonly run: (backend: AudioBackend, sample: ConformanceSample) => Promise<void>
}

/** Files that hold audio. */
export const hasFrames = ({ frames }: ConformanceSample): boolean => frames > 0
