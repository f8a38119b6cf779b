import type { AudioBackend } from './audio-backend.js'
import type { AudioInfo } from './audio-info.js'
import type { CheckedOptions } from './check-options.js'
import { openSession } from './session.js'
import type { ProbedInput } from './session.js'

/** One backend's info on an input; with `exact` the frames are counted when they are not certain. */
export async function lookInto(
  backend: AudioBackend,
  input: ProbedInput,
  options: CheckedOptions,
  exact: boolean,
): Promise<AudioInfo> {
  // As it is in the file: what `options` ask for must not reach a backend that can only decode.
  const plain = { ...options, mono: false, sampleRate: undefined, out: undefined }
  const session = await openSession(backend, input, plain, { scan: exact })
  try {
    return exact ? await session.exactInfo(options.signal) : session.handle.info
  } finally {
    await session.close()
  }
}
