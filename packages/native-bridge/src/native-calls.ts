import type { NativeBinding, NativeCancelToken } from './native-binding.js'
import { toAudioDecodeError } from './native-error.js'

/** The calls into native code that belong to one file or one piece of work: each with its cancel token, all of them ended by `close`. */
export interface NativeCalls {
  /**
   * Runs work that hands the token to every native call it makes. Rejects with `signal.reason` after an abort, otherwise with
   * an AudioDecodeError; in both cases only when native code has let go of every buffer.
   */
  run<T>(
    signal: AbortSignal | undefined,
    work: (token: NativeCancelToken) => Promise<T>,
  ): Promise<T>
  /** Cancels what runs and settles when it has ended. */
  close(): Promise<void>
}

/** Starts with no calls. `backend` and `input`, the name of the file or the work, go into errors. */
export function createNativeCalls(
  binding: Pick<NativeBinding, 'CancelToken'>,
  backend: string | undefined,
  input: string,
): NativeCalls {
  const running = new Map<NativeCancelToken, Promise<unknown>>()

  async function settle<T>(
    pending: Promise<T>,
    token: NativeCancelToken,
    signal: AbortSignal | undefined,
    stop: () => void,
  ): Promise<T> {
    try {
      const value = await pending
      // Finished although it was told to stop: the caller has been told that it is stopped.
      signal?.throwIfAborted()
      return value
    } catch (error) {
      signal?.throwIfAborted()
      throw toAudioDecodeError(error, backend, input)
    } finally {
      running.delete(token)
      signal?.removeEventListener('abort', stop)
    }
  }

  return {
    async run(signal, work) {
      signal?.throwIfAborted()
      const token = new binding.CancelToken()
      const stop = (): void => token.cancel()
      signal?.addEventListener('abort', stop, { once: true })
      const pending = work(token)
      running.set(token, pending)
      return settle(pending, token, signal, stop)
    },
    async close() {
      const pending = [...running.values()]
      for (const token of running.keys()) token.cancel()
      await Promise.allSettled(pending)
    },
  }
}
