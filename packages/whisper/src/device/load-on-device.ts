import { isAudioDecodeError } from '@audiodecode/core'

import { chooseRuntime } from '../model-options.js'
import type { WhisperModelOptions, WhisperRuntime } from '../model-options.js'
import { chooseDevice } from './choose-device.js'

/**
 * Loads on the device that the options ask for. What 'auto' has chosen, and what does not work after all, gives way: a graphics card (with
 * too little memory, say) to the processor, int8 without its addon to float32. The reason says so.
 */
export async function loadOnDevice<T>(
  options: WhisperModelOptions,
  load: (runtime: WhisperRuntime) => Promise<T>,
  choose: typeof chooseDevice = chooseDevice,
): Promise<{ readonly loaded: T; readonly runtime: WhisperRuntime }> {
  let runtime = chooseRuntime(options, await choose(options.device ?? 'auto'))
  while (true) {
    try {
      return { loaded: await load(runtime), runtime }
    } catch (error) {
      const instead = insteadOf(runtime, options, error)
      if (instead === null) throw error
      runtime = instead
    }
  }
}

function insteadOf(
  runtime: WhisperRuntime,
  options: WhisperModelOptions,
  error: unknown,
): WhisperRuntime | null {
  const { device = 'auto', computeType = 'auto', signal } = options
  if (signal?.aborted === true) return null
  // A broken model is broken on the processor, too.
  if (runtime.device === 'cuda' && device === 'auto' && !isAudioDecodeError(error)) {
    const problem = error instanceof Error ? error.message : String(error)
    const reason = `cpu: the model does not load with CUDA (${problem})`
    return chooseRuntime(options, { device: 'cpu', reason })
  }
  const lacksAddon = isAudioDecodeError(error) && error.code === 'ERR_BACKEND_UNAVAILABLE'
  if (runtime.computeType === 'int8' && computeType === 'auto' && lacksAddon) {
    const reason = `cpu: int8 lacks its addon, which computeType 'int8' tells more about`
    return chooseRuntime({ ...options, computeType: 'float32' }, { device: 'cpu', reason })
  }
  return null
}
