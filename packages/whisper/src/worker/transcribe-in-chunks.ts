import type { Segment, TranscribeProgress } from '@audiodecode/core'

import { SAMPLE_RATE } from '../audio-samples.js'
import { ChunkOrder } from '../transcribe/chunk-order.js'
import type { HeardChunk } from '../transcribe/heard-chunk.js'
import type { ResolvedOptions } from '../transcribe/options.js'
import type { AudioChunk } from '../transcribe/plan-chunks.js'
import { SampleFeed } from './feed-samples.js'
import type { JobMessage, SpokenLanguage } from './protocol.js'
import { wantsSpeechOnly } from './wants-speech-only.js'
import type { RunningJob, WorkerClient } from './worker-client.js'

/** Who listens to a transcription. */
export interface TranscriptListener {
  readonly onLanguage: (language: SpokenLanguage) => void
  readonly onSegment: (segment: Segment) => void
  readonly onProgress: (progress: TranscribeProgress) => void
}

/** What is transcribed. */
export interface TranscriptRequest {
  /** 16 kHz. */
  readonly samples: Float32Array
  /** Whether they may be given away. */
  readonly owned: boolean
  readonly options: ResolvedOptions
}

/** Workers that there are, and may be. */
export interface Workers {
  readonly ready: readonly WorkerClient[]
  /** Begins those that are not begun yet; resolves when they are ready. */
  grow(): Promise<void>
}

/** A worker that decodes chunks. */
interface Hearer {
  readonly client: WorkerClient
  job: RunningJob | null
  /** Chunks it has and has not decoded. */
  chunks: number
}

/**
 * Transcribes in chunks, on all workers: one cuts the audio, each chunk goes to the one that has the fewest, and what was heard
 * is put in order here. Gives the seconds that were listened to.
 */
export async function transcribeInChunks(
  workers: Workers,
  { samples, owned, options }: TranscriptRequest,
  how: { most: number; endOfText: number; signal: AbortSignal },
  listener: TranscriptListener,
): Promise<number> {
  const { most, endOfText } = how
  const stop = new AbortController()
  const { signal } = stop
  const onAbort = (): void => stop.abort(how.signal.reason)
  if (how.signal.aborted) onAbort()
  how.signal.addEventListener('abort', onAbort, { once: true })
  const totalSeconds = samples.length / SAMPLE_RATE
  const isCut = wantsSpeechOnly(options, totalSeconds)
  const order = new ChunkOrder(options, endOfText, isCut)
  const hearers: Hearer[] = []
  const jobs: Promise<unknown>[] = []
  const waiting: AudioChunk[] = []
  const ends: number[] = []
  let language = 'en'
  let isPlanned = false

  /** A job's failure ends the others. */
  const watch = (done: Promise<number>): void => {
    const watched = done.catch((error: unknown) => {
      stop.abort(error)
      throw error
    })
    // It may fail before it is awaited.
    watched.catch(() => {})
    jobs.push(watched)
  }
  const emit = (segments: readonly Segment[]): void => {
    for (const segment of segments) listener.onSegment(segment)
  }
  const dispatch = (): void => {
    for (const client of workers.ready.slice(hearers.length)) {
      hearers.push({ client, job: null, chunks: 0 })
    }
    while (waiting.length > 0) {
      const hearer = hearers.reduce((least, each) => (each.chunks < least.chunks ? each : least))
      // One more than it decodes, so that it need not wait for the next.
      if (hearer.chunks > most) return
      const chunk = waiting.shift()
      if (chunk === undefined) return
      hearer.job ??= begin(hearer)
      hearer.chunks += 1
      hearer.job.send({ kind: 'chunk', chunk }, [chunk.samples.buffer as ArrayBuffer])
    }
    if (isPlanned) for (const { job } of hearers) job?.send({ kind: 'end' })
  }
  const begin = (hearer: Hearer): RunningJob => {
    const task = { kind: 'hear', options, language, most } as const
    const job = hearer.client.start(
      task,
      (message) => {
        if (message.kind === 'heard') heard(hearer, message.chunk)
      },
      signal,
    )
    watch(job.done)
    return job
  }
  const heard = (hearer: Hearer, chunk: HeardChunk): void => {
    hearer.chunks -= 1
    planner.send({ kind: 'decoded', chunks: 1 })
    dispatch()
    emit(order.add(chunk))
    const seconds = Math.min(totalSeconds, ends[order.next - 1] ?? 0)
    listener.onProgress({ seconds, totalSeconds, phase: 'transcribe' })
  }
  const plan = (message: JobMessage): void => {
    feed.hear(message)
    if (message.kind === 'language') {
      ;({ language } = message)
      listener.onLanguage(message)
    }
    // Once something is decoded that is what counts.
    if (message.kind === 'progress' && ends.length === 0) listener.onProgress(message.progress)
    if (message.kind === 'planned') {
      order.plan(message.chunk)
      ends.push((message.chunk.speech.at(-1)?.end ?? 0) / SAMPLE_RATE)
      waiting.push(message.chunk)
      dispatch()
      // One worker has enough to do: it is worth beginning more.
      if (waiting.length === most) void workers.grow().then(dispatch)
    }
  }
  const [first] = workers.ready.toSorted((a, b) => a.load - b.load)
  if (first === undefined) throw new RangeError('there is no worker')
  const feed = new SampleFeed(samples, owned)
  const planner = first.start({ kind: 'plan', options, frames: samples.length }, plan, signal)
  watch(planner.done)
  let speechSeconds = 0
  try {
    await feed.send(planner)
    speechSeconds = await planner.done
    isPlanned = true
    dispatch()
    emit(order.planned())
    // More of them may begin while the first are awaited.
    for (const job of jobs) await job
  } catch (error) {
    stop.abort(error)
    await Promise.allSettled(jobs)
    throw error
  } finally {
    how.signal.removeEventListener('abort', onAbort)
  }
  listener.onProgress({ seconds: totalSeconds, totalSeconds, phase: 'transcribe' })
  return speechSeconds
}
