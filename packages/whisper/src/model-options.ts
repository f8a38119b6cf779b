import { threadBudget } from '@audiodecode/core'

import type { ChosenDevice } from './device/choose-device.js'
import type { DownloadProgress } from './download/download-model.js'
import { physicalCores } from './physical-cores.js'

/** A step of the decoder is too little work to be shared among more. */
const CORES_OF_WORKER = 4

/** How a model is loaded. */
export interface WhisperModelOptions {
  /** Default 'auto': the graphics card when onnxruntime-node has its CUDA libraries and they work, else the processor. */
  device?: 'auto' | 'cpu' | 'cuda'
  /** Numbers it computes with. Default 'auto': int8 on the processor, float16 on the graphics card. */
  computeType?: 'auto' | 'int8' | 'float32' | 'float16' | 'int8_float16'
  /** Threads of each worker. Default: the process budget shared among the workers. */
  threads?: number
  /**
   * Workers, each with the model in memory once more: so many files are transcribed at the same time, and the chunks of one file
   * spread over them. Default: one for every four cores, one on a graphics card, begun when there is work for them; those that are asked for are begun at
   * once. With two cores, two workers take a quarter less time for long files than one with two threads.
   */
  workers?: number
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
  /** Where the graphs run. */
  readonly device: 'cpu' | 'cuda'
  /** Numbers it computes with. */
  readonly computeType: 'float32' | 'int8' | 'float16'
  /** Threads of each worker. */
  readonly threads: number
  /** Workers that hold the model. */
  readonly workers: number
  /** Why it was chosen. */
  readonly reason: string
}

/** Throws TypeError or RangeError for options that cannot be meant. */
export function checkModelOptions(options: WhisperModelOptions): void {
  const { device = 'auto', computeType = 'auto', threads, workers } = options
  oneOf(device, 'device', ['auto', 'cpu', 'cuda'])
  oneOf(computeType, 'computeType', ['auto', 'int8', 'float32', 'float16', 'int8_float16'])
  checkDownload(options)
  for (const [name, count] of Object.entries({ threads, workers })) {
    if (count !== undefined && (!Number.isInteger(count) || count < 1)) {
      throw new RangeError(`${name} must be a whole number above 0, not ${count}`)
    }
  }
}

/** Chooses how to run on a device, from options that have been checked. */
export function chooseRuntime(
  options: WhisperModelOptions,
  { device, reason }: ChosenDevice,
  cores: number = Math.min(threadBudget(), physicalCores()),
): WhisperRuntime {
  const { computeType = 'auto', threads } = options
  const [chosen, why] = COMPUTE_TYPES[device][computeType]
  const reasons = why === '' ? [reason] : [reason, why]
  // Each worker has the weights in the memory of the card, and the card does one thing at a time.
  const usual = device === 'cuda' ? 1 : Math.max(1, Math.floor(cores / CORES_OF_WORKER))
  const workers = options.workers ?? usual
  return {
    device,
    computeType: chosen,
    threads: threads ?? Math.max(1, Math.floor(cores / workers)),
    workers,
    reason: reasons.join('; '),
  }
}

type Choice = readonly [computeType: WhisperRuntime['computeType'], reason: string]

/** What stands for what was asked for. As in CTranslate2: processors have no fast arithmetic of 16 bit. */
const COMPUTE_TYPES: Readonly<
  Record<ChosenDevice['device'], Record<NonNullable<WhisperModelOptions['computeType']>, Choice>>
> = {
  cpu: {
    auto: ['int8', 'int8, the fastest on a processor'],
    int8: ['int8', ''],
    float32: ['float32', ''],
    float16: ['float32', 'float32 instead of float16, which is slower on a processor'],
    int8_float16: ['int8', 'int8 with float32 instead of float16'],
  },
  cuda: {
    auto: ['float16', 'float16, the fastest on a graphics card'],
    int8: ['float16', 'float16 instead of int8, which has no kernels on a graphics card'],
    float32: ['float32', ''],
    float16: ['float16', ''],
    int8_float16: ['float16', 'float16 instead of int8, which has no kernels on a graphics card'],
  },
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
