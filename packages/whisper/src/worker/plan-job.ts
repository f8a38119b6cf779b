import { SAMPLE_RATE } from '../audio-samples.js'
import { logMel, melWindows } from '../transcribe/mel.js'
import type { Mel, MelWindows } from '../transcribe/mel.js'
import type { ResolvedOptions } from '../transcribe/options.js'
import { cutClips, planChunks } from '../transcribe/plan-chunks.js'
import type { AudioChunk, ChunkCutter } from '../transcribe/plan-chunks.js'
import { cutSpeech } from '../vad/speech-cutter.js'
import { vadOptions } from '../vad/vad-options.js'
import { voiceDetector } from './find-speech.js'
import type { Task } from './protocol.js'
import type { JobContext } from './run-job.js'
import { spokenLanguage } from './spoken-language.js'
import { wantsSpeechOnly } from './wants-speech-only.js'

/** Chunks that are cut beyond those decoded, a few minutes of audio. */
const AHEAD = 16
/** Frames of a window that a language is heard in. */
const WINDOW_FRAMES = 3000

type Plan = Extract<Task, { kind: 'plan' }>

/** Cuts the audio into chunks and sends them back, not too far ahead. Gives their seconds. */
export async function planJob({ options, frames }: Plan, context: JobContext): Promise<number> {
  const { inbox, tell } = context
  const totalSeconds = frames / SAMPLE_RATE
  const cutter = await chunkCutter(options, totalSeconds, context)
  let seconds = 0
  let sent = 0
  const send = async (chunk: AudioChunk): Promise<void> => {
    seconds += chunk.duration
    sent += 1
    tell({ kind: 'planned', chunk }, [chunk.samples.buffer as ArrayBuffer])
    await inbox.decoded(sent - AHEAD)
  }
  const beginning: AudioChunk[] = []
  let isLanguageKnown = false
  const tellLanguage = async (): Promise<void> => {
    isLanguageKnown = true
    if (beginning.length === 0) {
      // Nobody speaks: no language can be told from it.
      const { language = 'en' } = options
      const probability = options.language === undefined ? 0 : 1
      tell({ kind: 'language', language, probability, all: {} })
      return
    }
    const mel = (): Promise<MelWindows> => joinedMel(beginning, context)
    const run = { ...context, chunkLength: WINDOW_FRAMES / 100 }
    tell({ kind: 'language', ...(await spokenLanguage(mel, options, run)) })
    for (const chunk of beginning.splice(0)) await send(chunk)
  }
  let heard = 0
  for await (const chunk of planChunks(acknowledged(context), cutter)) {
    if (isLanguageKnown) {
      await send(chunk)
      continue
    }
    beginning.push(chunk)
    heard += Math.floor(chunk.duration * 100)
    const isGiven = options.language !== undefined || !context.tokenizer.multilingual
    if (isGiven || heard >= WINDOW_FRAMES * options.languageDetectionSegments) await tellLanguage()
  }
  if (!isLanguageKnown) await tellLanguage()
  return seconds
}

async function* acknowledged({ inbox, tell }: JobContext): AsyncGenerator<Float32Array> {
  for await (const samples of inbox.samples) {
    yield samples
    tell({ kind: 'took' })
  }
}

async function chunkCutter(
  options: ResolvedOptions,
  totalSeconds: number,
  { signal, tell }: JobContext,
): Promise<ChunkCutter> {
  const { chunkLength = 30, vadParameters, clipTimestamps = [] } = options
  if (wantsSpeechOnly(options, totalSeconds)) {
    return cutSpeech(await voiceDetector(), vadOptions(vadParameters, chunkLength), chunkLength, {
      signal,
      onSamples: (samples) => {
        const progress = { seconds: samples / SAMPLE_RATE, totalSeconds, phase: 'vad' } as const
        tell({ kind: 'progress', progress })
      },
    })
  }
  const clips = clipTimestamps.map(({ start, end }) => ({
    start: Math.trunc(start * SAMPLE_RATE),
    end: Math.trunc(end * SAMPLE_RATE),
  }))
  const all = [{ start: 0, end: Infinity }]
  return cutClips(clips.length > 0 ? clips : all, chunkLength * SAMPLE_RATE, SAMPLE_RATE)
}

/** Spectrograms one behind the other, with a column of silence at the end as faster-whisper has it. */
async function joinedMel(
  chunks: readonly AudioChunk[],
  { model, signal }: JobContext,
): Promise<MelWindows> {
  const { mels } = model.files.config
  const parts: Mel[] = []
  for (const { samples } of chunks) parts.push(await logMel(samples, mels, signal))
  // The last frame of each is half a hop of padding.
  const frames = parts.reduce((sum, part) => sum + part.frames - 1, 1)
  const data = new Float32Array(mels * frames)
  for (let row = 0; row < mels; row++) {
    let at = row * frames
    for (const part of parts) {
      data.set(part.data.subarray(row * part.frames, (row + 1) * part.frames - 1), at)
      at += part.frames - 1
    }
    data[at] = -1.5
  }
  return melWindows({ data, mels, frames })
}
