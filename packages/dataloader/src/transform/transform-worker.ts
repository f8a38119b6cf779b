// The program of a worker thread: imports plugins and the transform, then maps one batch after the other.
import { parentPort, workerData } from 'node:worker_threads'

import type { TransformReply, TransformTask, WorkerSetup } from './protocol.js'
import { toSentError } from './protocol.js'
import { transferableBuffers } from './transferable-buffers.js'

function post(reply: TransformReply, transfer: ArrayBuffer[] = []): void {
  parentPort?.postMessage(reply, transfer)
}

async function loadTransform({
  plugins,
  transform,
}: WorkerSetup): Promise<(batch: unknown) => unknown> {
  for (const plugin of plugins) await import(plugin)
  const module = (await import(transform)) as { readonly default?: unknown }
  if (typeof module.default !== 'function') {
    throw new TypeError(`${transform} has no default export that is a function`)
  }
  return module.default as (batch: unknown) => unknown
}

async function answer(
  map: (batch: unknown) => unknown,
  { id, batch }: TransformTask,
): Promise<void> {
  try {
    const value = await map(batch)
    post({ kind: 'done', id, value }, transferableBuffers(value))
  } catch (error) {
    post({ kind: 'failed', id, reason: toSentError(error) })
  }
}

loadTransform(workerData as WorkerSetup).then(
  (map) => {
    parentPort?.on('message', (task: TransformTask) => void answer(map, task))
    post({ kind: 'ready' })
  },
  (error: unknown) => post({ kind: 'unusable', reason: toSentError(error) }),
)
