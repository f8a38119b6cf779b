import type { NativeBinding, NativeCancelToken, NativeOutcome } from './native-binding.js'

/** What a test decides about the fake addon. */
export interface FakeAddon {
  /** Frames it promises before decoding. */
  readonly plannedFrames?: number | null
  /** Samples it really has, one channel. */
  readonly samples?: readonly number[]
  /** Settles when native code lets go of its buffers after a cancellation. */
  readonly letGo?: Promise<void>
  /** What opening rejects with. */
  readonly openError?: Error
}

class FakeToken implements NativeCancelToken {
  readonly cancelled: Promise<void>
  cancel: () => void = () => {}
  constructor() {
    this.cancelled = new Promise((done) => {
      this.cancel = done
    })
  }
}

function coded(code: string, message: string): Error {
  return Object.assign(new Error(message), { code })
}

/** A binding without native code, for tests. With `letGo` a decode runs until it is cancelled. */
export function fakeBinding({
  plannedFrames,
  samples = [1, 2, 3],
  letGo,
  openError,
}: FakeAddon = {}): NativeBinding & { readonly budgets: number[] } {
  const planned = plannedFrames === undefined ? samples.length : plannedFrames
  const outcome = (spilled: boolean): NativeOutcome => ({
    frames: samples.length,
    spilled,
    report: {
      decodedFrames: samples.length,
      damaged: [],
      truncated: false,
      gaplessSource: 'none',
      gaplessStartFrames: 0,
      gaplessEndFrames: 0,
    },
  })
  const budgets: number[] = []
  return {
    budgets,
    CancelToken: FakeToken,
    setThreads: (threads) => void budgets.push(threads),
    version: () => '1.2.3',
    peekFile: async () => null,
    openDecoder: async () => {
      if (openError !== undefined) throw openError
      return {
        info: {
          container: 'fake',
          codec: 'fake',
          sampleRate: 8000,
          channels: 1,
          frames: planned,
          framesExact: true,
          tracks: 1,
          tags: [
            { name: 'artist', value: 'A' },
            { name: 'artist', value: 'B' },
          ],
        },
        prepare: () => ({
          channels: 1,
          sampleRate: 8000,
          frames: planned,
          framesExact: true,
          run: async (out, token) => {
            if (letGo !== undefined) {
              await (token as FakeToken).cancelled
              await letGo
              throw coded('ERR_CANCELLED', 'cancelled')
            }
            if (out === null || planned !== samples.length) return outcome(true)
            out.set(samples)
            return outcome(false)
          },
          copyInto: async (out) => out.set(samples),
        }),
        openStream: async () => {
          throw coded('ERR_CORRUPT', 'no stream')
        },
        close: () => {},
      }
    },
  }
}
