import { isAudioDecodeError } from '@audiodecode/core'

import { chooseRuntime } from '../model-options.js'
import type { WhisperModelOptions, WhisperRuntime } from '../model-options.js'
import { chooseDevice } from './choose-device.js'

/**
 * Loads on the device that the options ask for. A graphics card that 'auto' has chosen, and that cannot take the model after all
 * (too little memory, say), gives way to the processor; the reason says so.
 */
export async function loadOnDevice<T>(
  options: WhisperModelOptions,
  load: (runtime: WhisperRuntime) => Promise<T>,
  choose: typeof chooseDevice = chooseDevice,
): Promise<{ readonly loaded: T; readonly runtime: WhisperRuntime }> {
  const { device = 'auto', signal } = options
  const runtime = chooseRuntime(options, await choose(device))
  try {
    return { loaded: await load(runtime), runtime }
  } catch (error) {
    // A broken model is broken on the processor, too.
    const isOfModel = isAudioDecodeError(error) || signal?.aborted === true
    if (runtime.device === 'cpu' || device !== 'auto' || isOfModel) throw error
    const problem = error instanceof Error ? error.message : String(error)
    const reason = `cpu: the model does not load with CUDA (${problem})`
    const instead = chooseRuntime(options, { device: 'cpu', reason })
    return { loaded: await load(instead), runtime: instead }
  }
}
