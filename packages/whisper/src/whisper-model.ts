import type {
  AudioData,
  AudioInput,
  BatchItem,
  Samples,
  Segment,
  TranscribeOptions,
  TranscriptionResult,
} from '@audiodecode/core'
import { AudioDecodeError } from '@audiodecode/core'

import { SAMPLE_RATE, speechSamples } from './audio-samples.js'
import { loadOnDevice } from './device/load-on-device.js'
import { findModel } from './find-model.js'
import { checkModelOptions } from './model-options.js'
import type { WhisperModelOptions, WhisperRuntime } from './model-options.js'
import { PushQueue } from './push-queue.js'
import type { Ears, Listened } from './streaming/heard-word.js'
import { resolveStreamOptions, voiceOptions } from './streaming/stream-options.js'
import { streamWords } from './streaming/stream-words.js'
import type { StreamedWords } from './streaming/word-stream.js'
import { transcribeBatch } from './transcribe-batch.js'
import { resolveOptions } from './transcribe/options.js'
import type { ResolvedOptions } from './transcribe/options.js'
import type { JobMessage, SpokenLanguage } from './worker/protocol.js'
import { WorkerPool } from './worker/worker-pool.js'

/** Seconds that a language is heard in. */
const LANGUAGE_SECONDS = 30

/** A Whisper model in worker threads of its own. It keeps the process alive only while it works. */
export class WhisperModel implements AsyncDisposable {
  /** What it runs on, and why. */
  readonly runtime: WhisperRuntime
  readonly #pool: WorkerPool
  /** Ends streams that wait for their source. */
  readonly #closing = new AbortController()

  private constructor(pool: WorkerPool, runtime: WhisperRuntime) {
    this.#pool = pool
    this.runtime = runtime
  }

  /**
   * Loads a model: a folder, as faster-whisper has it (CTranslate2) or as Hugging Face has it (safetensors), or a name, e.g.
   * 'base', 'large-v3-turbo' or 'owner/repository', which is downloaded once into the cache that Python's tools use too. The
   * first time it is compiled, which takes some seconds; the result is kept.
   *
   * Fails with ERR_MODEL for what is no model, a broken one, or one that cannot be downloaded.
   */
  static async load(model: string, options: WhisperModelOptions = {}): Promise<WhisperModel> {
    checkModelOptions(options)
    const { cacheDirectory, signal } = options
    const { loaded, runtime } = await loadOnDevice(options, async (chosen) => {
      // After the device: nothing is downloaded for one that is not there.
      const folder = await findModel(model, options)
      const { device, computeType, threads, workers } = chosen
      const setup = { folder, device, computeType, threads, cacheDirectory }
      return WorkerPool.load(setup, { workers, atOnce: options.workers !== undefined }, signal)
    })
    return new WhisperModel(loaded, runtime)
  }

  /**
   * What is said, and when. Options are faster-whisper's in camel case. With `channelMode: 'split'` each channel is transcribed by
   * itself and its segments say which; they are merged in the order of time.
   */
  async transcribe(
    input: AudioInput | AudioData | Samples,
    options?: TranscribeOptions,
  ): Promise<TranscriptionResult> {
    const found: Segment[] = []
    const told = await this.#run(input, options, (segment) => found.push(segment))
    const segments = options?.channelMode === 'split' ? inOrderOfTime(found) : found
    return { ...told, segments, text: segments.map(({ text }) => text).join('') }
  }

  /** Segments as they are decided; with `channelMode: 'split'` channel after channel. Leaving the loop stops the work. */
  async *segments(
    input: AudioInput | AudioData | Samples,
    options: TranscribeOptions = {},
  ): AsyncGenerator<Segment, void, undefined> {
    const controller = new AbortController()
    const signal =
      options.signal === undefined
        ? controller.signal
        : AbortSignal.any([options.signal, controller.signal])
    const queue = new PushQueue<Segment>()
    const run = this.#run(input, { ...options, signal }, (segment) => queue.push(segment)).then(
      () => queue.close(),
      (error: unknown) => queue.fail(error),
    )
    try {
      yield* queue
    } finally {
      controller.abort()
      await run
    }
  }

  /**
   * Words of live audio, as blocks of 16 kHz mono samples come, of any length. Each result is final, or partial and replaced by
   * the next; final words never change, and follow one another in time. A silence (`vadParameters.minSilenceDurationMs`, 1,500)
   * ends an utterance and makes all of it final. Greedy unless `beamSize` is given. Blocks are read two seconds ahead at most;
   * half a minute is kept. Leaving the loop ends the source and the work.
   *
   * Fails with what the source fails with, and with ERR_CLOSED when the model is closed meanwhile.
   */
  stream(
    samples: AsyncIterable<Float32Array>,
    options?: TranscribeOptions,
  ): AsyncGenerator<StreamedWords, void, undefined> {
    if (typeof samples?.[Symbol.asyncIterator] !== 'function') {
      throw new TypeError('samples must be an async iterable of Float32Array blocks')
    }
    return this.#stream(samples, resolveStreamOptions(options), options)
  }

  /**
   * Transcribes many inputs, as many at a time as there are workers, and decodes the next one meanwhile; yielded as they finish. A
   * failed one is an item. Leaving the loop ends the work.
   */
  transcribeBatch(
    inputs: Iterable<AudioInput>,
    options: TranscribeOptions = {},
  ): AsyncIterable<BatchItem<TranscriptionResult>> {
    resolveOptions(options)
    if (typeof inputs === 'string' || typeof inputs?.[Symbol.iterator] !== 'function') {
      throw new TypeError('inputs must be an array or another iterable of audio inputs')
    }
    return transcribeBatch(
      inputs,
      (input, signal) => this.transcribe(input, { ...options, signal }),
      { concurrency: this.runtime.workers + 1, signal: options.signal },
    )
  }

  /** The language that the first 30 s are in. */
  async detectLanguage(input: AudioInput | AudioData | Samples): Promise<SpokenLanguage> {
    const { channels, owned } = await speechSamples(input, {}, () => {})
    const [samples = new Float32Array(0)] = channels
    const beginning = samples.subarray(0, LANGUAGE_SECONDS * SAMPLE_RATE)
    return this.#pool.detectLanguage(beginning, owned)
  }

  /** Ends what is running and frees the model. */
  async close(): Promise<void> {
    this.#closing.abort(new AudioDecodeError('ERR_CLOSED', 'the model was closed'))
    await this.#pool.close()
  }

  /** As `close`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async *#stream(
    samples: AsyncIterable<Float32Array>,
    resolved: ResolvedOptions,
    { signal: given, onProgress }: TranscribeOptions = {},
  ): AsyncGenerator<StreamedWords, void, undefined> {
    const stopped = new AbortController()
    const signals = [stopped.signal, this.#closing.signal]
    const signal = AbortSignal.any(given === undefined ? signals : [given, ...signals])
    const pool = this.#pool
    const ears: Ears = {
      async voice(samples) {
        let found: Float32Array = new Float32Array(0)
        const hear = (message: JobMessage): void => {
          if (message.kind === 'voice') found = message.probabilities
        }
        await pool.ask({ kind: 'voice', samples }, hear, signal)
        return found
      },
      async listen(samples, request) {
        let found: Listened = { words: null, language: 'en', temperature: 0 }
        const hear = (message: JobMessage): void => {
          if (message.kind === 'listened') found = message.listened
        }
        await pool.ask({ kind: 'listen', samples, request, options: resolved }, hear, signal)
        return found
      },
    }
    const run = {
      ears,
      voice: voiceOptions(resolved),
      language: resolved.language,
      multilingual: resolved.multilingual,
      conditionOnPreviousText: resolved.conditionOnPreviousText,
      promptResetOnTemperature: resolved.promptResetOnTemperature,
      signal,
      onHeard: (seconds: number) =>
        onProgress?.({ seconds, totalSeconds: seconds, phase: 'transcribe' }),
    }
    try {
      yield* streamWords(samples, run)
    } finally {
      stopped.abort()
    }
  }

  async #run(
    input: AudioInput | AudioData | Samples,
    options: TranscribeOptions | undefined,
    onSegment: (segment: Segment) => void,
  ): Promise<Omit<TranscriptionResult, 'segments' | 'text'>> {
    const resolved = resolveOptions(options)
    const { signal, onProgress } = options ?? {}
    const split = resolved.channelMode === 'split'
    signal?.throwIfAborted()
    const { channels, owned, report } = await speechSamples(
      input,
      { signal, split },
      (seconds, totalSeconds) =>
        onProgress?.({ seconds, totalSeconds: totalSeconds ?? seconds, phase: 'decode' }),
    )
    const durationSeconds = (channels[0]?.length ?? 0) / SAMPLE_RATE
    let spoken: SpokenLanguage | null = null
    let speechSeconds = 0
    for (const [channel, samples] of channels.entries()) {
      const seconds = await this.#pool.transcribe(
        { samples, owned, options: resolved },
        {
          onSegment: (segment) => onSegment(split ? { ...segment, channel } : segment),
          onLanguage: (language) => {
            spoken ??= language
          },
          onProgress: ({ seconds, totalSeconds, phase }) => {
            // Of all channels together.
            const before = channel * totalSeconds
            onProgress?.({
              seconds: (before + seconds) / channels.length,
              totalSeconds,
              phase,
            })
          },
        },
        signal ?? new AbortController().signal,
      )
      speechSeconds = Math.max(speechSeconds, seconds)
    }
    const { language, probability } = spoken ?? { language: 'en', probability: 0 }
    return { language, languageProbability: probability, durationSeconds, speechSeconds, report }
  }
}

/** Segments of several channels in the order of time. */
function inOrderOfTime(segments: readonly Segment[]): Segment[] {
  return segments
    .toSorted((a, b) => a.start - b.start || (a.channel ?? 0) - (b.channel ?? 0))
    .map((segment, id) => ({ ...segment, id }))
}
