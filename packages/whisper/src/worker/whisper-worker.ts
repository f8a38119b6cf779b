// The thread in which a model lives: onnxruntime-node blocks the thread that calls it.
import { parentPort, workerData } from 'node:worker_threads'

import { compiledModel } from '../compiler/compiled-cache.js'
import { SpeechModel } from '../engine/speech-model.js'
import { readTokenizer } from '../tokenizer/read-tokenizer.js'
import type { Tokenizer } from '../tokenizer/tokenizer.js'
import type { FromWorker, JobMessage, ToWorker, WorkerSetup } from './protocol.js'
import { runJob } from './run-job.js'
import { toSentError } from './send-error.js'

const port = parentPort
if (port === null) throw new Error('this module is the entry of a worker thread')
const send = (message: FromWorker): void => port.postMessage(message)

const jobs = new Map<number, AbortController>()

async function start(setup: WorkerSetup): Promise<void> {
  const { folder, computeType, device, cacheDirectory, threads } = setup
  const where = cacheDirectory === undefined ? {} : { cacheDirectory }
  const files = await compiledModel(folder, { computeType, ...where })
  const tokenizer = await readTokenizer(folder, files.directory)
  const model = await SpeechModel.load(files, threads, device)
  port?.on('message', (message: ToWorker) => handle(message, model, tokenizer))
  send({ kind: 'ready', config: files.config })
}

function handle(message: ToWorker, model: SpeechModel, tokenizer: Tokenizer): void {
  if (message.kind === 'cancel') {
    jobs.get(message.job)?.abort()
    return
  }
  if (message.kind === 'close') {
    for (const controller of jobs.values()) controller.abort()
    void model.release().finally(() => port?.close())
    return
  }
  const controller = new AbortController()
  jobs.set(message.job, controller)
  const tell = (said: JobMessage): void => send({ kind: 'job', job: message.job, message: said })
  void runJob(message, { model, tokenizer, signal: controller.signal, tell })
    .catch((error: unknown) => tell({ kind: 'failed', error: toSentError(error) }))
    .finally(() => jobs.delete(message.job))
}

start(workerData as WorkerSetup).catch((error: unknown) => {
  send({ kind: 'unusable', error: toSentError(error) })
  port.close()
})
