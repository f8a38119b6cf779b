import type { PluginStatus } from '@audiodecode/core'

import { probeRuntime } from './probe-runtime.js'

/** Whether onnxruntime-node can be loaded, tried in a thread of its own. */
export async function runtimeStatus(
  probe: typeof probeRuntime = probeRuntime,
): Promise<PluginStatus> {
  try {
    const { version } = await probe({ cuda: false })
    return { available: true, version: `onnxruntime-node ${version}`, hint: null }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return {
      available: false,
      version: null,
      hint:
        `onnxruntime-node cannot be loaded (${reason}). Install it again: ONNXRUNTIME_NODE_INSTALL=skip npm i onnxruntime-node; ` +
        'its install script, which only fetches CUDA libraries, may be left out (--ignore-scripts). ' +
        'It has no binaries for macOS on Intel, nor for Linux without glibc (Alpine).',
    }
  }
}
