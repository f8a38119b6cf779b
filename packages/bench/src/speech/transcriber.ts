import { fileURLToPath } from 'node:url'

import { cacheFolder } from '../cache-folder.js'
import { startEngine } from '../engines/engine.js'
import type { Engine } from '../engines/engine.js'
import { startPython } from '../engines/python.js'
import { childPath } from '../run-child.js'
import { runCommand } from '../run-command.js'
import type { Transcript } from './transcript.js'

/** Options by our names; faster-whisper gets them by its own. */
export type Options = Readonly<Record<string, unknown>>

/** What a run took and what was heard, a transcript for each file. */
export interface Heard {
  readonly ms: number
  readonly transcripts: readonly Transcript[]
}

/** What a model was loaded on, and why. */
export interface Runtime {
  readonly device: string
  readonly computeType: string
  readonly reason: string
}

/** An engine with a model loaded, in a process of its own. */
export interface Transcriber extends AsyncDisposable {
  readonly name: string
  readonly loadMs: number
  /** Of ours: what runs it. */
  readonly runtime?: Runtime
  readonly engine: Engine
  /** Transcribes files of float32 samples, all at the same time. */
  transcribe(files: readonly string[], options: Options): Promise<Heard>
}

/** How an engine is set up. */
export interface Setup {
  readonly model?: 'base' | 'tiny.en'
  readonly computeType: 'int8' | 'float32' | 'auto'
  readonly threads?: number
  /** Of ours; the processor by default. */
  readonly device?: 'auto' | 'cpu'
  /** Models beside each other; one by default. */
  readonly workers?: number
}

/** AudioDecode, on two threads unless said otherwise. */
export async function startOurs(setup: Setup): Promise<Transcriber> {
  const { model = 'base', computeType, threads = 2, workers, device = 'cpu' } = setup
  const engine = startEngine({
    command: process.execPath,
    args: [childPath('whisper-engine.mjs')],
    env: process.env,
  })
  const cacheDirectory = await cacheFolder('whisper-compiled')
  const options = { computeType, device, threads, cacheDirectory, ...(workers && { workers }) }
  return transcriber(`AudioDecode ${describe(setup)}`, engine, model, options)
}

/** faster-whisper 1.2.1, on two threads unless said otherwise. */
export async function startFasterWhisper(setup: Setup): Promise<Transcriber> {
  const { model = 'base', computeType, threads = 2, workers = 1 } = setup
  const engine = await startPython('whisper', 'peer_whisper.py')
  const options = { compute_type: computeType, cpu_threads: threads, num_workers: workers }
  return transcriber(`faster-whisper ${describe(setup)}`, engine, model, options)
}

function describe({ computeType, threads = 2, workers = 1 }: Setup): string {
  return `${computeType}${workers > 1 ? `, ${workers} workers` : ''}${threads === 2 ? '' : `, ${threads} thread`}`
}

async function transcriber(
  name: string,
  engine: Engine,
  model: string,
  options: object,
): Promise<Transcriber> {
  const folder = await modelFolder(model)
  const { ms, runtime } = await engine.call<{ ms: number; runtime?: Runtime }>('load', {
    model: folder,
    options,
  })
  return {
    name,
    engine,
    loadMs: ms,
    ...(runtime && { runtime }),
    transcribe: (files, asked) => engine.call<Heard>('transcribe', { files, options: asked }),
    [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose](),
  }
}

/** The folder of a model, fetched at the first call. */
export async function modelFolder(model: string): Promise<string> {
  const script = fileURLToPath(new URL('../../../scripts/fetch-model.mjs', import.meta.url))
  const { stdout } = await runCommand(process.execPath, [script, model])
  return stdout.trim().split('\n').at(-1) ?? ''
}
