import { availableParallelism } from 'node:os'

import { threadBudget } from '@audiodecode/core'

import type { DownloadProgress } from './download/download-model.js'

/** How a model is loaded. */
export interface WhisperModelOptions {
  /** Default 'auto'. CUDA needs onnxruntime-node's CUDA libraries. */
  device?: 'auto' | 'cpu' | 'cuda'
  /** Numbers it computes with. Default 'auto'. */
  computeType?: 'auto' | 'int8' | 'float32' | 'float16' | 'int8_float16'
  /** Threads of one transcription. Default: the process budget. */
  threads?: number
  /** Where compiled graphs are kept. Default: the user's cache folder. */
  cacheDirectory?: string
  /** Never download: use what is on this machine, or fail. Default: what `HF_HUB_OFFLINE` says. */
  localFilesOnly?: boolean
  /** Is told how the files of a model come that has to be downloaded, at most ten times a second. */
  onProgress?: (progress: DownloadProgress) => void
  /** Cancels the download and the loading. What has been downloaded is kept. */
  signal?: AbortSignal
}

/** What a model runs on. */
export interface WhisperRuntime {
  /** 'cpu'. */
  readonly device: string
  /** 'float32' or 'int8'. */
  readonly computeType: 'float32' | 'int8'
  /** Threads of one transcription. */
  readonly threads: number
  /** Transcriptions at the same time. */
  readonly workers: number
  /** Why it was chosen. */
  readonly reason: string
}

/** Chooses what to run on. Throws TypeError or RangeError for what cannot be asked. */
export function chooseRuntime(options: WhisperModelOptions): WhisperRuntime {
  const { device = 'auto', computeType = 'auto', threads } = options
  oneOf(device, 'device', ['auto', 'cpu', 'cuda'])
  oneOf(computeType, 'computeType', ['auto', 'int8', 'float32', 'float16', 'int8_float16'])
  checkDownload(options)
  if (threads !== undefined && (!Number.isInteger(threads) || threads < 1)) {
    throw new RangeError(`threads must be a whole number above 0, not ${threads}`)
  }
  if (device === 'cuda')
    throw new RangeError("device 'cuda' is not supported yet; leave it out for 'cpu'")
  const reasons = ['cpu: CUDA is not supported yet']
  const chosen = computeType === 'float32' || computeType === 'float16' ? 'float32' : 'int8'
  // As in CTranslate2: processors have no fast arithmetic of 16 bit.
  if (computeType === 'float16')
    reasons.push('float32 instead of float16, which is slower on a processor')
  if (computeType === 'int8_float16') reasons.push('int8 with float32 instead of float16')
  if (computeType === 'auto') reasons.push('int8, the fastest on a processor')
  return {
    device: 'cpu',
    computeType: chosen,
    threads: threads ?? Math.min(threadBudget(), availableParallelism()),
    workers: 1,
    reason: reasons.join('; '),
  }
}

function checkDownload({ localFilesOnly, onProgress }: WhisperModelOptions): void {
  if (localFilesOnly !== undefined && typeof localFilesOnly !== 'boolean')
    throw new TypeError('localFilesOnly must be true or false')
  if (onProgress !== undefined && typeof onProgress !== 'function')
    throw new TypeError('onProgress must be a function')
}

function oneOf(value: string, name: string, allowed: readonly string[]): void {
  if (!allowed.includes(value)) {
    const list = allowed.map((each) => `'${each}'`).join(', ')
    throw new TypeError(`${name} must be one of ${list}, not ${JSON.stringify(value)}`)
  }
}
