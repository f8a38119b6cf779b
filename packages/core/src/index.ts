export type {
  AudioBackend,
  BackendCapabilities,
  BackendHandle,
  BackendRequest,
} from './audio-backend.js'
export type { BackendResult, BackendSource, BackendTier, FilePeek, Probe } from './audio-backend.js'
export type { AudioCache, AudioCacheStats, CacheKey } from './audio-cache.js'
export type { AudioData } from './audio-data.js'
export { AudioDecoder } from './audio-decoder.js'
export type { DecodeRange, OpenOptions, StreamRange } from './audio-decoder.js'
export type { AudioInfo } from './audio-info.js'
export type { AudioInput } from './audio-input.js'
export type { DamagedRange, DeclinedBackend, DecodeReport, GaplessTrim } from './decode-report.js'
export { convert } from './convert.js'
export type { ConvertOptions } from './convert.js'
export { diagnose } from './diagnose.js'
export type { PluginDiagnosis } from './diagnose.js'
export { AudioDecodeError, isAudioDecodeError } from './errors.js'
export type { AudioDecodeErrorCode, AudioDecodeErrorDetails } from './errors.js'
export { info } from './info.js'
export { defaultLimits } from './limits.js'
export type { Limits } from './limits.js'
export { load } from './load.js'
export { loadBatch } from './load-batch.js'
export type { BatchItem } from './load-batch.js'
export type {
  BatchOptions,
  InfoOptions,
  LoadOptions,
  LoadProgress,
  StreamOptions,
} from './load-options.js'
export { outputLength } from './output-length.js'
export type { PluginStatus } from './plugin-status.js'
export { configure, threadBudget } from './registry.js'
export {
  listBackends,
  registerBackend,
  registerCache,
  registerTranscriber,
  unregisterBackend,
} from './registry.js'
export type { Samples } from './samples.js'
export { stream } from './stream.js'
export { closeTranscribers, transcribe } from './transcribe.js'
export type {
  Segment,
  TranscribeOptions,
  TranscribeProgress,
  TranscriptionEngine,
  TranscriptionResult,
  VadParameters,
  Word,
} from './transcription.js'
export { toWav } from './wav.js'
export type { WavOptions } from './wav.js'
