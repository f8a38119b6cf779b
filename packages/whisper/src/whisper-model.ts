import type {
  AudioData,
  AudioInput,
  Samples,
  Segment,
  TranscribeOptions,
  TranscriptionResult,
} from '@audiodecode/core'
import { AudioDecodeError } from '@audiodecode/core'

import { SAMPLE_RATE, speechSamples } from './audio-samples.js'
import { chooseDevice } from './device/choose-device.js'
import { findModel } from './find-model.js'
import { checkModelOptions, chooseRuntime } from './model-options.js'
import type { WhisperModelOptions, WhisperRuntime } from './model-options.js'
import { PushQueue } from './push-queue.js'
import type { Ears, Listened } from './streaming/heard-word.js'
import { resolveStreamOptions, voiceOptions } from './streaming/stream-options.js'
import { streamWords } from './streaming/stream-words.js'
import type { StreamedWords } from './streaming/word-stream.js'
import { resolveOptions } from './transcribe/options.js'
import type { ResolvedOptions } from './transcribe/options.js'
import type { SpokenLanguage } from './worker/protocol.js'
import { WorkerClient } from './worker/worker-client.js'

/** A Whisper model in a worker thread of its own. It keeps the process alive only while it works. */
export class WhisperModel implements AsyncDisposable {
  /** What it runs on, and why. */
  readonly runtime: WhisperRuntime
  readonly #client: WorkerClient
  /** Ends streams that wait for their source. */
  readonly #closing = new AbortController()

  private constructor(client: WorkerClient, runtime: WhisperRuntime) {
    this.#client = client
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
    const chosen = await chooseDevice(options.device ?? 'auto')
    const runtime = chooseRuntime(options, chosen)
    const folder = await findModel(model, options)
    const { device, computeType, threads } = runtime
    const setup = { folder, device, computeType, threads, cacheDirectory: options.cacheDirectory }
    return new WhisperModel(await WorkerClient.start(setup, options.signal), runtime)
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
   * the next; final words never change, and follow one another in time. A silence (`vadParameters.minSilenceDurationMs`, 700)
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

  /** The language that the first 30 s are in. */
  async detectLanguage(input: AudioInput | AudioData | Samples): Promise<SpokenLanguage> {
    const { channels } = await speechSamples(input, {}, () => {})
    const [samples = new Float32Array(0)] = channels
    let found: SpokenLanguage = { language: 'en', probability: 0, all: {} }
    await this.#client.run(
      { kind: 'detect-language', samples },
      {
        onLanguage: ({ language, probability, all }) => {
          found = { language, probability, all }
        },
      },
    )
    return found
  }

  /** Ends what is running and frees the model. */
  async close(): Promise<void> {
    this.#closing.abort(new AudioDecodeError('ERR_CLOSED', 'the model was closed'))
    await this.#client.close()
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
    const client = this.#client
    const ears: Ears = {
      async voice(heard) {
        let found: Float32Array = new Float32Array(0)
        const onVoice = (probabilities: Float32Array): void => {
          found = probabilities
        }
        await client.run({ kind: 'voice', samples: heard }, { onVoice }, { signal, transfer: true })
        return found
      },
      async listen(heard, request) {
        let found: Listened = { words: null, language: 'en', temperature: 0 }
        const onListened = (listened: Listened): void => {
          found = listened
        }
        const job = { kind: 'listen', samples: heard, request, options: resolved } as const
        await client.run(job, { onListened }, { signal, transfer: true })
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
      const done = await this.#client.run(
        { kind: 'transcribe', samples, options: resolved },
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
        { signal, transfer: owned },
      )
      speechSeconds = Math.max(speechSeconds, done.speechSeconds)
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
