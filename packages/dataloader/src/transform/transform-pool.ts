import type { WorkerSetup } from './protocol.js'
import { TransformThread } from './transform-thread.js'

/** Maps batches in worker threads. */
export interface TransformPool {
  /** Maps a batch, whose arrays are transferred. Rejects with ERR_TRANSFORM, or with `signal.reason`, when the thread is ended. */
  run(batch: unknown, signal: AbortSignal): Promise<unknown>
  /** Ends the threads. */
  close(): Promise<void>
}

/**
 * Threads that map batches, at most `size`; started when they are needed, kept for the next batches, replaced when they crash.
 */
export function createTransformPool(setup: WorkerSetup, size: number): TransformPool {
  const threads = new Set<TransformThread>()
  const idle: TransformThread[] = []
  const waiting: (() => void)[] = []

  async function take(signal: AbortSignal): Promise<TransformThread> {
    for (;;) {
      if (signal.aborted) {
        // Whoever waits behind has to hear of it, too.
        waiting.shift()?.()
        throw signal.reason
      }
      const thread = idle.pop()
      if (thread !== undefined && !thread.isGone) return thread
      if (thread !== undefined) threads.delete(thread)
      if (threads.size < size) {
        const started = new TransformThread(setup)
        threads.add(started)
        return started
      }
      await new Promise<void>((resolve) => waiting.push(resolve))
    }
  }

  function give(thread: TransformThread): void {
    if (thread.isGone) threads.delete(thread)
    else idle.push(thread)
    waiting.shift()?.()
  }

  return {
    async run(batch, signal) {
      const thread = await take(signal)
      const end = (): void => void thread.close()
      try {
        // Nothing else ends a computation.
        signal.addEventListener('abort', end, { once: true })
        return await thread.run(batch)
      } catch (error) {
        signal.throwIfAborted()
        throw error
      } finally {
        signal.removeEventListener('abort', end)
        give(thread)
      }
    },
    async close() {
      await Promise.all([...threads].map(async (thread) => thread.close()))
      threads.clear()
      idle.length = 0
    },
  }
}
