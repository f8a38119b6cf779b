/** What shape a Whisper model has and which tokens it treats specially. */
export interface ModelConfig {
  /** Transformer layers. */
  readonly layers: { readonly encoder: number; readonly decoder: number }
  /** Attention heads of each layer, each 64 wide. */
  readonly heads: number
  /** Length of the vector that stands for a position: 64 for each head. */
  readonly width: number
  /** Rows of the log-mel spectrogram: 80, or 128 since large-v3. */
  readonly mels: number
  /** Number of tokens. */
  readonly vocabulary: number
  /** Positions of a window's audio: 1,500, one for two frames of the spectrogram. */
  readonly audioContext: number
  /** Tokens that the decoder can look back on: 448. */
  readonly textContext: number
  /** First special token; the ids below it are text. */
  readonly endOfText: number
  /** Cross-attention heads that follow the audio, in the order of layers; never empty. */
  readonly alignmentHeads: readonly (readonly [layer: number, head: number])[]
  /** Tokens that are never chosen when `suppressTokens` holds -1. */
  readonly suppressIds: readonly number[]
  /** Tokens that never come first. */
  readonly suppressIdsBegin: readonly number[]
  /** Tokens that name a language; their order is that of Whisper's list of languages. */
  readonly languageIds: readonly number[]
}

/** Numbers of one weight, row after row; a linear layer has a row for each output. */
export interface WeightTensor {
  /** Size of each dimension. */
  readonly shape: readonly number[]
  /** All values. */
  readonly data: Float32Array
}

/**
 * An open model. Weights go by CTranslate2's names, e.g. `encoder/layer_0/self_attention/linear_0/weight`, whatever format the
 * folder holds, and are read when they are asked for, so that a model of 3 GB never has to fit into memory.
 */
export interface ModelWeights {
  /** Shape and special tokens. */
  readonly config: ModelConfig
  /** Another one when the files change. */
  readonly fingerprint: string
  /** Reads one weight. Rejects with ERR_MODEL when the model lacks it. */
  tensor(name: string): Promise<WeightTensor>
  /** Closes the file. */
  close(): Promise<void>
}
