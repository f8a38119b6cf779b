import { AudioDecodeError } from '@audiodecode/core'
import { whisperLogMel } from '@audiodecode/features'

import { SAMPLE_RATE } from '../audio-samples.js'
import type { SpeechModel } from '../engine/speech-model.js'
import type { Tokenizer } from '../tokenizer/tokenizer.js'
import { detectLanguage } from '../transcribe/detect-language.js'
import { joinSpans } from '../transcribe/join-spans.js'
import type { Mel } from '../transcribe/mel.js'
import type { ResolvedOptions } from '../transcribe/options.js'
import { createTimeMap, restoreTimes } from '../transcribe/restore-times.js'
import { transcribeWindows } from '../transcribe/window-loop.js'
import { findSpeech, voiceDetector, wantsSpeechOnly } from './find-speech.js'
import { listen } from './listen-job.js'
import type { JobMessage, SpokenLanguage, ToWorker } from './protocol.js'

/** What a job is done with. */
export interface JobContext {
  readonly model: SpeechModel
  readonly tokenizer: Tokenizer
  readonly signal: AbortSignal
  readonly tell: (message: JobMessage) => void
}

type Job = Extract<ToWorker, { samples: Float32Array }>

/** Does what is asked and tells how it goes. */
export async function runJob(job: Job, context: JobContext): Promise<void> {
  checkFinite(job.samples)
  if (job.kind === 'detect-language') {
    const { model, tokenizer, signal, tell } = context
    const mel = await logMel(job.samples, model.files.config.mels, signal)
    const how = { threshold: 0.5, segments: 1, chunkLength: 30, signal } as const
    tell({
      kind: 'language',
      ...(await detectLanguage(model, tokenizer, mel, { ...how, shortAudio: 'exact' })),
    })
    tell({ kind: 'done', speechSeconds: job.samples.length / SAMPLE_RATE })
    return
  }
  if (job.kind === 'voice') {
    const probabilities = await (await voiceDetector()).probabilities(job.samples, context)
    context.tell({ kind: 'voice', probabilities })
    context.tell({ kind: 'done', speechSeconds: 0 })
    return
  }
  if (job.kind === 'listen') {
    const mel = await logMel(job.samples, context.model.files.config.mels, context.signal)
    context.tell({
      kind: 'listened',
      listened: await listen(job.request, job.options, mel, context),
    })
    context.tell({ kind: 'done', speechSeconds: 0 })
    return
  }
  context.tell({ kind: 'done', speechSeconds: await transcribeJob(job, context) })
}

/** Seconds that were listened to. */
async function transcribeJob(
  { samples, options }: Extract<Job, { kind: 'transcribe' }>,
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
  const heard = speech === null ? samples : joinSpans(samples, speech)
  if (heard.length === 0) {
    // Nobody speaks: no language can be told from it.
    const language = options.language ?? 'en'
    const probability = options.language === undefined ? 0 : 1
    tell({ kind: 'language', language, probability, all: {} })
    progress('transcribe', totalSeconds)
    return 0
  }
  const map = speech === null ? null : createTimeMap(speech, SAMPLE_RATE)
  const mel = await logMel(heard, model.files.config.mels, signal)
  const spoken = await spokenLanguage(mel, options, context)
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

async function spokenLanguage(
  mel: Mel,
  options: ResolvedOptions,
  { model, tokenizer, signal }: JobContext,
): Promise<SpokenLanguage> {
  const { language } = options
  if (language !== undefined) {
    const spoken = tokenizer.multilingual ? language : 'en'
    return { language: spoken, probability: 1, all: { [spoken]: 1 } }
  }
  return detectLanguage(model, tokenizer, mel, {
    threshold: options.languageDetectionThreshold,
    segments: options.languageDetectionSegments,
    chunkLength: options.chunkLength ?? 30,
    shortAudio: options.shortAudio,
    signal,
  })
}

async function logMel(samples: Float32Array, mels: number, signal: AbortSignal): Promise<Mel> {
  const found = await whisperLogMel(
    { samples, sampleRate: SAMPLE_RATE },
    { nMels: mels === 128 ? 128 : 80, signal },
  )
  return { data: found.data, mels: found.shape[0], frames: found.shape[1] }
}

/** One sample that is no number would make the whole spectrogram none. */
function checkFinite(samples: Float32Array): void {
  const index = samples.findIndex((sample) => !Number.isFinite(sample))
  if (index < 0) return
  throw new AudioDecodeError(
    'ERR_CORRUPT',
    `sample ${index} of the audio is ${samples[index]}, which cannot be listened to. Replace what is no finite number by 0.`,
  )
}
