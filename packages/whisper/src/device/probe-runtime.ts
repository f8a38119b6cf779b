import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'

import { workerExecArgv } from '../worker/worker-exec-argv.js'
import type { ProbeMessage, ProbeRequest, ProbeResult } from './probe-protocol.js'

/** Tries onnxruntime-node in a thread of its own. Rejects with the reason when it cannot be loaded. */
export async function probeRuntime(request: ProbeRequest): Promise<ProbeResult> {
  const worker = new Worker(probeUrl(), { workerData: request, execArgv: workerExecArgv() })
  const message = await new Promise<ProbeMessage>((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', () => reject(new Error('the thread that tried it has ended')))
  })
  if ('problem' in message) throw new Error(message.problem)
  return message.result
}

/** The built module lies in the package's `dist`, wherever this one is. */
function probeUrl(): URL {
  const manifest = createRequire(import.meta.url).resolve('@audiodecode/whisper/package.json')
  return pathToFileURL(join(dirname(manifest), 'dist', 'runtime-probe.js'))
}
