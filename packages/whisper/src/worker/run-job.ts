import { SAMPLE_RATE } from '../audio-samples.js'
import type { SpeechModel } from '../engine/speech-model.js'
import type { Tokenizer } from '../tokenizer/tokenizer.js'
import { detectLanguage } from '../transcribe/detect-language.js'
import { hearChunks } from '../transcribe/hear-chunks.js'
import { joinSpansInPlace } from '../transcribe/join-spans.js'
import { LongMel } from '../transcribe/long-mel.js'
import { logMel } from '../transcribe/mel.js'
import type { ResolvedOptions } from '../transcribe/options.js'
import { checkFinite } from '../transcribe/plan-chunks.js'
import { createTimeMap, restoreTimes } from '../transcribe/restore-times.js'
import { transcribeWindows } from '../transcribe/window-loop.js'
import { findSpeech, voiceDetector } from './find-speech.js'
import type { JobInbox } from './job-inbox.js'
import { listen } from './listen-job.js'
import { planJob } from './plan-job.js'
import type { JobMessage, Task } from './protocol.js'
import { spokenLanguage } from './spoken-language.js'
import { wantsSpeechOnly } from './wants-speech-only.js'

/** What a job is done with. */
export interface JobContext {
  readonly model: SpeechModel
  readonly tokenizer: Tokenizer
  readonly signal: AbortSignal
  readonly inbox: JobInbox
  readonly tell: (message: JobMessage, transfer?: readonly ArrayBuffer[]) => void
}

/** Does what is asked and tells how it goes. */
export async function runJob(task: Task, context: JobContext): Promise<void> {
  context.tell({ kind: 'done', speechSeconds: await doTask(task, context) })
}

/** Seconds that were listened to. */
async function doTask(task: Task, context: JobContext): Promise<number> {
  if (task.kind === 'plan') return planJob(task, context)
  const { model, tokenizer, signal, inbox, tell } = context
  if (task.kind === 'hear') {
    const { options, language, most } = task
    await hearChunks({ model, tokenizer, options, language, most, signal }, inbox, (chunk) =>
      tell({ kind: 'heard', chunk }),
    )
    return 0
  }
  if (task.kind === 'voice' || task.kind === 'listen') {
    checkFinite(task.samples)
    if (task.kind === 'voice') {
      const probabilities = await (await voiceDetector()).probabilities(task.samples, context)
      tell({ kind: 'voice', probabilities })
    } else {
      const mel = await logMel(task.samples, model.files.config.mels, signal)
      const listened = await listen(task.request, task.options, mel, context)
      tell({ kind: 'listened', listened })
    }
    return 0
  }
  const samples = await gather(task.frames, context)
  if (task.kind === 'transcribe') return transcribeJob(samples, task.options, context)
  const mel = await LongMel.of(samples, model.files.config.mels, signal)
  const how = { threshold: 0.5, segments: 1, chunkLength: 30, signal } as const
  const options = { ...how, shortAudio: 'exact' } as const
  tell({ kind: 'language', ...(await detectLanguage(model, tokenizer, mel, options)) })
  return samples.length / SAMPLE_RATE
}

/** All samples of a job. */
async function gather(frames: number, { inbox, tell }: JobContext): Promise<Float32Array> {
  let all: Float32Array | null = null
  let at = 0
  for await (const samples of inbox.samples) {
    checkFinite(samples, at)
    if (samples.length === frames) all = samples
    else {
      all ??= new Float32Array(frames)
      all.set(samples, at)
    }
    at += samples.length
    tell({ kind: 'took' })
  }
  return all ?? new Float32Array(0)
}

async function transcribeJob(
  samples: Float32Array,
  options: ResolvedOptions,
  context: JobContext,
): Promise<number> {
  const { model, tokenizer, signal, tell } = context
  const totalSeconds = samples.length / SAMPLE_RATE
  const progress = (phase: 'vad' | 'transcribe', seconds: number): void =>
    tell({
      kind: 'progress',
      progress: { seconds: Math.min(seconds, totalSeconds), totalSeconds, phase },
    })

  const speech = wantsSpeechOnly(options, totalSeconds)
    ? await findSpeech(samples, options, {
        signal,
        onSamples: (done) => progress('vad', done / SAMPLE_RATE),
      })
    : null
  // Nobody else has these samples.
  const heard = speech === null ? samples : joinSpansInPlace(samples, speech)
  if (heard.length === 0) {
    // Nobody speaks: no language can be told from it.
    const language = options.language ?? 'en'
    const probability = options.language === undefined ? 0 : 1
    tell({ kind: 'language', language, probability, all: {} })
    progress('transcribe', totalSeconds)
    return 0
  }
  const map = speech === null ? null : createTimeMap(speech, SAMPLE_RATE)
  const mel = await LongMel.of(heard, model.files.config.mels, signal)
  const chunkLength = options.chunkLength ?? 30
  const spoken = await spokenLanguage(() => Promise.resolve(mel), options, {
    ...context,
    chunkLength,
  })
  tell({ kind: 'language', ...spoken })
  const { language } = spoken
  const onFrames = (frames: number): void =>
    progress('transcribe', map?.originalTime(frames / 100, undefined, true) ?? frames / 100)
  const windows = { model, tokenizer, mel, language, options, signal, onFrames }
  for await (const segment of transcribeWindows(windows)) {
    tell({ kind: 'segment', segment: map === null ? segment : restoreTimes(segment, map) })
  }
  return heard.length / SAMPLE_RATE
}
