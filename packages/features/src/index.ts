export type { FeatureMatrix } from './feature-matrix.js'
export { whisperLogMel } from './whisper-log-mel.js'
export type { WhisperOptions } from './whisper-log-mel.js'
