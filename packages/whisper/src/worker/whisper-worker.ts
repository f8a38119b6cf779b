// The thread in which a model lives: onnxruntime-node blocks the thread that calls it.
import { parentPort, workerData } from 'node:worker_threads'

import { compiledModel } from '../compiler/compiled-cache.js'
import { SpeechModel } from '../engine/speech-model.js'
import { readTokenizer } from '../tokenizer/read-tokenizer.js'
import type { Tokenizer } from '../tokenizer/tokenizer.js'
import { giveWay } from './give-way.js'
import { JobInbox } from './job-inbox.js'
import type { FromWorker, JobMessage, Task, ToWorker, WorkerSetup } from './protocol.js'
import { runJob } from './run-job.js'
import { toSentError } from './send-error.js'

const port = parentPort
if (port === null) throw new Error('this module is the entry of a worker thread')
const send = (message: FromWorker): void => port.postMessage(message)

/** A job that is not done. */
interface RunningJob {
  readonly controller: AbortController
  readonly inbox: JobInbox
}

const jobs = new Map<number, RunningJob>()

function stop({ controller, inbox }: RunningJob): void {
  controller.abort()
  inbox.stop(controller.signal.reason)
}

async function start(setup: WorkerSetup): Promise<void> {
  giveWay()
  const { folder, computeType, device, cacheDirectory, threads } = setup
  const where = cacheDirectory === undefined ? {} : { cacheDirectory }
  const files = await compiledModel(folder, { computeType, ...where })
  const tokenizer = await readTokenizer(folder, files.directory)
  const model = await SpeechModel.load(files, threads, device)
  port?.on('message', (message: ToWorker) => handle(message, model, tokenizer))
  send({ kind: 'ready', config: files.config })
}

function handle(message: ToWorker, model: SpeechModel, tokenizer: Tokenizer): void {
  if (message.kind === 'close') {
    for (const job of jobs.values()) stop(job)
    void model.release().finally(() => port?.close())
    return
  }
  if (message.kind === 'start') {
    begin(message.job, message.task, model, tokenizer)
    return
  }
  const job = jobs.get(message.job)
  if (job === undefined) return
  if (message.kind === 'cancel') stop(job)
  else job.inbox.put(message.input)
}

function begin(job: number, task: Task, model: SpeechModel, tokenizer: Tokenizer): void {
  const running = { controller: new AbortController(), inbox: new JobInbox() }
  jobs.set(job, running)
  const { inbox } = running
  const { signal } = running.controller
  const tell = (message: JobMessage, transfer: readonly ArrayBuffer[] = []): void =>
    port?.postMessage({ kind: 'job', job, message } satisfies FromWorker, transfer)
  void runJob(task, { model, tokenizer, signal, inbox, tell })
    .catch((error: unknown) => tell({ kind: 'failed', error: toSentError(error) }))
    .finally(() => jobs.delete(job))
}

start(workerData as WorkerSetup).catch((error: unknown) => {
  send({ kind: 'unusable', error: toSentError(error) })
  port.close()
})
