// The thread that tries onnxruntime-node: loading it takes a tenth of a second, and a broken CUDA far longer.
import { parentPort, workerData } from 'node:worker_threads'

import type { ProbeMessage, ProbeRequest, ProbeResult } from './probe-protocol.js'

const port = parentPort
if (port === null) throw new Error('this module is the entry of a worker thread')

async function probe({ cuda }: ProbeRequest): Promise<ProbeResult> {
  // Here, so that a failure can be told.
  const { env } = await import('onnxruntime-node')
  const version = env.versions.node ?? 'unknown'
  if (!cuda) return { version, cudaProblem: null }
  const { runsOnCuda } = await import('./runs-on-cuda.js')
  return { version, cudaProblem: await runsOnCuda() }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

const message: ProbeMessage = await probe(workerData as ProbeRequest).then(
  (result) => ({ result }),
  (error: unknown) => ({ problem: messageOf(error) }),
)
port.postMessage(message)
