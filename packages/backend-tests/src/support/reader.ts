import { AudioDecoder, info, load, registerBackend, stream } from '@audiodecode/core'
import type { AudioBackend, AudioData, AudioInfo, AudioInput, LoadOptions } from '@audiodecode/core'

type Options = Omit<LoadOptions, 'backend' | 'cache'>

/** Core, with one backend and no cache. */
export interface Reader {
  /** Decodes. */
  readonly load: (input: AudioInput, options?: Options) => Promise<AudioData>
  /** Looks. */
  readonly info: (input: AudioInput, options?: { scan?: boolean }) => Promise<AudioInfo>
  /** Decodes in blocks. */
  readonly stream: (
    input: AudioInput,
    options: Omit<Options, 'out'> & { blockSeconds: number },
  ) => AsyncIterable<AudioData>
  /** Opens for many reads. */
  readonly open: (input: AudioInput) => Promise<AudioDecoder>
}

/** Registers the backend, in place of any other of its name, and reads with it alone. */
export function readerOf(backend: AudioBackend): Reader {
  registerBackend(backend)
  const only = { backend: backend.name, cache: false }
  return {
    load: (input, options) => load(input, { ...options, ...only }),
    info: (input, options) => info(input, { ...options, backend: backend.name }),
    stream: (input, options) => stream(input, { ...options, ...only }),
    open: (input) => AudioDecoder.open(input, { backend: backend.name }),
  }
}
