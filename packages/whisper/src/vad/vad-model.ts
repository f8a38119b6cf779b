import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

import { AudioDecodeError } from '@audiodecode/core'
import type { InferenceSession, Tensor } from 'onnxruntime-node'

import { loadOnnxruntime } from '../load-onnxruntime.js'
import { ROW_SAMPLES, windowCount, windowRows } from './vad-windows.js'

/** Most windows of one call: 8 seconds of audio, some milliseconds of work and a few megabytes inside. */
export const BLOCK_WINDOWS = 256
const STATE_SHAPE = [1, 1, 128]

/** How far detection is, and when to give up. */
export interface VadRun {
  /** Is told how many of the samples are done. */
  readonly onSamples?: ((samples: number) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

/** A detector in the midst of some audio. */
export interface VadStream {
  /** Probabilities of speech in the next windows, given as rows of `windowRows`. */
  hear(rows: Float32Array): Promise<Float32Array>
}

/** Silero's voice detector. It blocks the thread for some milliseconds at a time. */
export class VadModel {
  readonly #session: InferenceSession
  readonly #tensor: (values: Float32Array, shape: readonly number[]) => Tensor

  private constructor(session: InferenceSession, tensor: typeof Tensor) {
    this.#session = session
    this.#tensor = (values, shape) => new tensor('float32', values, shape)
  }

  /** Loads the detector that comes with the package. */
  static async load(path: string = modelPath()): Promise<VadModel> {
    const { InferenceSession, Tensor } = await loadOnnxruntime(
      'voice detection',
      'Set vad to false.',
    )
    try {
      const session = await InferenceSession.create(path, {
        executionProviders: ['cpu'],
        // One window needs the one before it, so that a second thread only costs.
        intraOpNumThreads: 1,
        interOpNumThreads: 1,
        enableMemPattern: false,
      })
      return new VadModel(session, Tensor)
    } catch (cause) {
      const message = `the voice detector ${path} cannot be loaded. Install @audiodecode/whisper again, or set vad to false.`
      throw new AudioDecodeError('ERR_MODEL', message, { input: path, cause })
    }
  }

  /** Probability of speech, 0 to 1, in each 512 samples of mono audio at 16 kHz. */
  async probabilities(samples: Float32Array, run: VadRun = {}): Promise<Float32Array> {
    const count = windowCount(samples.length)
    const found = new Float32Array(count)
    const stream = this.listen()
    for (let first = 0; first < count; first += BLOCK_WINDOWS) {
      run.signal?.throwIfAborted()
      const end = Math.min(first + BLOCK_WINDOWS, count)
      found.set(await stream.hear(windowRows(samples, first, end)), first)
      run.onSamples?.(Math.min(samples.length, end * (samples.length / count)))
    }
    return found
  }

  /** Begins to listen to audio that comes bit by bit. */
  listen(): VadStream {
    let h = this.#tensor(new Float32Array(128), STATE_SHAPE)
    let c = this.#tensor(new Float32Array(128), STATE_SHAPE)
    return {
      hear: async (rows) => {
        const input = this.#tensor(rows, [rows.length / ROW_SAMPLES, ROW_SAMPLES])
        const { speech_probs: speech, hn, cn } = await this.#session.run({ input, h, c })
        h = hn as Tensor
        c = cn as Tensor
        return speech?.data as Float32Array
      },
    }
  }

  /** Frees the detector. */
  async release(): Promise<void> {
    await this.#session.release()
  }
}

/** Found through the package itself, since the built code lies elsewhere than the sources. */
function modelPath(): string {
  const manifest = createRequire(import.meta.url).resolve('@audiodecode/whisper/package.json')
  return join(dirname(manifest), 'assets', 'silero-vad.onnx')
}
