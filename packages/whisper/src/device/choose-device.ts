import { AudioDecodeError } from '@audiodecode/core'

import { hasCudaLibrary } from './cuda-library.js'
import { probeRuntime } from './probe-runtime.js'

/** Where a model runs, and why. */
export interface ChosenDevice {
  readonly device: 'cpu' | 'cuda'
  readonly reason: string
}

/** How it is found out; tests have other ways. */
export interface DeviceProbes {
  readonly hasCudaLibrary: () => Promise<boolean>
  readonly probeRuntime: typeof probeRuntime
}

/** How CUDA comes to onnxruntime-node. */
const HOW_TO_ADD =
  'On Linux x64, with CUDA 12 and cuDNN 9 installed, fetch its CUDA libraries: ' +
  'ONNXRUNTIME_NODE_INSTALL=cuda12 npm rebuild onnxruntime-node (pnpm: allow its build script first).'

/**
 * 'auto' is the graphics card when onnxruntime-node has its CUDA libraries and a small graph runs there, else the processor.
 * 'cuda' that cannot be had is ERR_BACKEND_UNAVAILABLE with what to do.
 */
export async function chooseDevice(
  wanted: 'auto' | 'cpu' | 'cuda',
  probes: DeviceProbes = { hasCudaLibrary, probeRuntime },
): Promise<ChosenDevice> {
  if (wanted === 'cpu') return { device: 'cpu', reason: 'cpu was asked for' }
  const problem = await problemOfCuda(probes)
  if (problem === null) return { device: 'cuda', reason: 'cuda: a graph was run there' }
  if (wanted === 'auto') return { device: 'cpu', reason: `cpu: ${problem}` }
  throw new AudioDecodeError(
    'ERR_BACKEND_UNAVAILABLE',
    `device 'cuda' cannot be used: ${problem}. ${HOW_TO_ADD} Or leave device out, for what there is.`,
    { backend: 'cuda' },
  )
}

async function problemOfCuda(probes: DeviceProbes): Promise<string | null> {
  // Most have none: they shall not wait for a thread to start.
  if (!(await probes.hasCudaLibrary())) return 'onnxruntime-node has no CUDA libraries'
  try {
    const { cudaProblem } = await probes.probeRuntime({ cuda: true })
    return cudaProblem === null ? null : `CUDA does not work here (${cudaProblem})`
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return `onnxruntime-node cannot be loaded (${reason})`
  }
}
