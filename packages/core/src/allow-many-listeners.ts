import { setMaxListeners } from 'node:events'

/**
 * Lets as many calls as there are share one signal: Node warns of a leak at the eleventh listener, and every call that is under way
 * has one, which it takes away when it ends.
 */
export function allowManyListeners(signal: AbortSignal): void {
  // A signal of another realm or a polyfill has no such limit, and none of Node's warnings.
  if (signal instanceof EventTarget) setMaxListeners(0, signal)
}
