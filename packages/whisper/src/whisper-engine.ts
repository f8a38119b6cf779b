import type {
  AudioData,
  AudioInput,
  Samples,
  TranscribeOptions,
  TranscriptionEngine,
  TranscriptionResult,
} from '@audiodecode/core'

import { runtimeStatus } from './device/runtime-status.js'
import { WhisperModel } from './whisper-model.js'

/** The model that is taken when none is named. */
const DEFAULT_MODEL = 'base'

const loaded = new Map<string, Promise<WhisperModel>>()

/** What `transcribe()` of core runs on; models stay loaded until `close`. */
export const whisperEngine: TranscriptionEngine = {
  name: 'whisper',
  async transcribe(input, options = {}) {
    const { model = DEFAULT_MODEL, ...rest } = options
    return (await loadOnce(model)).transcribe(input, rest)
  },
  status: async () => runtimeStatus(),
  async close() {
    const models = [...loaded.values()]
    loaded.clear()
    await Promise.allSettled(models.map(async (model) => (await model).close()))
  },
}

/** What is said in a file, by the model named (default 'base'), which stays loaded for the next call. */
export function transcribeFile(
  input: AudioInput | AudioData | Samples,
  options?: TranscribeOptions & { model?: string },
): Promise<TranscriptionResult> {
  return whisperEngine.transcribe(input, options)
}

function loadOnce(name: string): Promise<WhisperModel> {
  const known = loaded.get(name)
  if (known !== undefined) return known
  const model = WhisperModel.load(name)
  loaded.set(name, model)
  // What failed is tried again by the next call.
  model.catch(() => loaded.delete(name))
  return model
}
