import type { AudioData } from './audio-data.js'
import type { AudioInput } from './audio-input.js'
import { AudioDecodeError } from './errors.js'
import { abortable } from './input/abortable.js'
import { listTranscribers } from './registry.js'
import type { Samples } from './samples.js'
import type {
  TranscribeOptions,
  TranscriptionEngine,
  TranscriptionResult,
} from './transcription.js'

/**
 * Text of what is said, with the registered engine (or the one named `engine`). Its model stays loaded for the next call, its
 * workers never keep the process alive; `closeTranscribers()` frees both. Without an engine: ERR_NO_BACKEND.
 */
export async function transcribe(
  input: AudioInput | AudioData | Samples,
  options: TranscribeOptions & { engine?: string; model?: string } = {},
): Promise<TranscriptionResult> {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError('options must be an object')
  }
  const { engine: name, ...rest } = options
  if (name !== undefined && typeof name !== 'string') throw new TypeError('engine must be a name')
  rest.signal?.throwIfAborted()
  const engine = selectEngine(name)
  return abortable(engine.transcribe(input, rest), rest.signal)
}

/** Frees the models and workers of every registered engine; the next `transcribe` loads them again. */
export async function closeTranscribers(): Promise<void> {
  const results = await Promise.allSettled(listTranscribers().map(async (engine) => engine.close()))
  const failed = results.find((result) => result.status === 'rejected')
  if (failed !== undefined) throw failed.reason
}

function selectEngine(name: string | undefined): TranscriptionEngine {
  const engines = listTranscribers()
  const engine = name === undefined ? engines[0] : engines.find((each) => each.name === name)
  if (engine !== undefined) return engine
  if (name !== undefined && engines.length > 0) {
    const names = engines.map((each) => `"${each.name}"`).join(', ')
    throw new AudioDecodeError(
      'ERR_NO_BACKEND',
      `No transcription engine "${name}" is registered; there is ${names}. Import the package that brings it.`,
    )
  }
  throw new AudioDecodeError(
    'ERR_NO_BACKEND',
    `No transcription engine is registered. Run: npm i @audiodecode/whisper, and import it: import '@audiodecode/whisper'`,
  )
}
