import type {
  AudioData,
  AudioInput,
  Samples,
  TranscribeOptions,
  TranscriptionEngine,
  TranscriptionResult,
} from '@audiodecode/core'

import { runtimeStatus } from './device/runtime-status.js'
import { SharedLoads } from './shared-loads.js'
import { WhisperModel } from './whisper-model.js'

/** The model that is taken when none is named. */
const DEFAULT_MODEL = 'base'

const models = new SharedLoads(async (name, signal) => WhisperModel.load(name, { signal }))

/** What `transcribe()` of core runs on; models stay loaded until `close`. */
export const whisperEngine: TranscriptionEngine = {
  name: 'whisper',
  async transcribe(input, options = {}) {
    const { model = DEFAULT_MODEL, ...rest } = options
    return (await models.get(model, rest.signal)).transcribe(input, rest)
  },
  status: async () => runtimeStatus(),
  close: async () => models.close(),
}

/** What is said in a file, by the model named (default 'base'), which stays loaded for the next call. */
export function transcribeFile(
  input: AudioInput | AudioData | Samples,
  options?: TranscribeOptions & { model?: string },
): Promise<TranscriptionResult> {
  return whisperEngine.transcribe(input, options)
}
