import { allowManyListeners } from './allow-many-listeners.js'

/** A signal that fires with whichever of several fires first. */
export interface LinkedSignal extends Disposable {
  readonly signal: AbortSignal
}

/**
 * Fires with the first of `signals`, until disposed of. AbortSignal.any would do, but keeps memory for every call on a signal that
 * lives as long as the process.
 */
export function linkSignals(signals: readonly (AbortSignal | undefined)[]): LinkedSignal {
  const controller = new AbortController()
  allowManyListeners(controller.signal)
  const sources = signals.filter((signal) => signal !== undefined)
  const abort = (event: Event): void => controller.abort((event.target as AbortSignal).reason)
  const stop = (): void => {
    for (const source of sources) source.removeEventListener('abort', abort)
  }
  for (const source of sources) {
    if (source.aborted) controller.abort(source.reason)
    else source.addEventListener('abort', abort, { once: true })
  }
  return { signal: controller.signal, [Symbol.dispose]: stop }
}
