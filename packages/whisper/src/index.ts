import { registerTranscriber } from '@audiodecode/core'

import { whisperEngine } from './whisper-engine.js'

export type { DownloadProgress } from './download/download-model.js'
export type { WhisperModelOptions, WhisperRuntime } from './model-options.js'
export type { SubtitleOptions } from './output/subtitle-options.js'
export { toJson } from './output/to-json.js'
export { toSrt } from './output/to-srt.js'
export { toText } from './output/to-text.js'
export { toTsv } from './output/to-tsv.js'
export { toVtt } from './output/to-vtt.js'
export type { StreamedWords } from './streaming/word-stream.js'
export { transcribeFile, whisperEngine } from './whisper-engine.js'
export { WhisperModel } from './whisper-model.js'
export type { SpokenLanguage } from './worker/protocol.js'

registerTranscriber(whisperEngine)
