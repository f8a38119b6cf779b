import type {
  AudioBackend,
  BackendHandle,
  BackendRequest,
  BackendResult,
  BackendSource,
} from '@audiodecode/core'

import { sampleFiles } from '../../src/index.js'
import type { CheckName, SampleFormat } from '../../src/index.js'
import { oracle, oracleBackend } from '../oracle-backend.js'
import type { Recording } from '../oracle-backend.js'

/** A mistake, and the check of a file that must tell it. */
export interface Mistake {
  readonly backend: () => AudioBackend
  readonly format: SampleFormat
  readonly file: string
  readonly check: CheckName
  readonly message: RegExp
}

type Read = (recording: Recording, request: BackendRequest) => Promise<BackendResult>

/** The oracle, reading otherwise. */
export const reading = (read: Read): AudioBackend => oracleBackend({ read })

/** Reads right, then changes the result. */
export function changed(
  change: (result: BackendResult, recording: Recording, request: BackendRequest) => void,
): Read {
  return async (recording, request) => {
    const result = await oracle.read(recording, request)
    change(result, recording, request)
    return result
  }
}

/** The handle of a backend that has `open`. */
export async function openFile(
  { open }: AudioBackend,
  source: BackendSource,
  request: BackendRequest,
): Promise<BackendHandle> {
  if (open === undefined) throw new Error('the oracle opens files')
  return open(source, request)
}

/** The bytes of stereo.flac. */
export function known(): Uint8Array {
  const sample = sampleFiles().find(({ name }) => name === 'stereo.flac')
  if (sample === undefined) throw new Error('there is no stereo.flac')
  return sample.bytes()
}
