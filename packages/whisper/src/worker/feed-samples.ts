import { setImmediate } from 'node:timers/promises'

import type { JobMessage } from './protocol.js'
import type { RunningJob } from './worker-client.js'

/** Samples copied in one turn of the event loop: half a megabyte, a fraction of a millisecond. */
const BLOCK_FRAMES = 1 << 17
/** Blocks on their way at most. */
const MOST_BLOCKS = 8

/** Gives samples to a job piece by piece, so that the thread that copies them is never held up. */
export class SampleFeed {
  readonly #samples: Float32Array
  readonly #owned: boolean
  #onTheWay = 0
  #wake: () => void = () => {}

  /** `owned` samples that fill their buffer are handed over as they are. */
  constructor(samples: Float32Array, owned: boolean) {
    this.#samples = samples
    this.#owned = owned && samples.byteLength === samples.buffer.byteLength
  }

  /** To be told what the job says. */
  hear({ kind }: JobMessage): void {
    if (kind !== 'took') return
    this.#onTheWay -= 1
    this.#wake()
  }

  /** Sends all samples; ends early with the job. */
  async send(job: RunningJob): Promise<void> {
    const ended = job.done.then(
      () => true,
      () => true,
    )
    const { length, buffer } = this.#samples
    if (this.#owned && length > 0) {
      job.send({ kind: 'samples', samples: this.#samples }, [buffer as ArrayBuffer])
    } else {
      for (let start = 0; start < length; start += BLOCK_FRAMES) {
        const samples = this.#samples.slice(start, start + BLOCK_FRAMES)
        this.#onTheWay += 1
        job.send({ kind: 'samples', samples }, [samples.buffer])
        if ((await Promise.race([ended, this.#room()])) === true) return
      }
    }
    job.send({ kind: 'end' })
  }

  async #room(): Promise<void> {
    await setImmediate()
    while (this.#onTheWay >= MOST_BLOCKS) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }
}
