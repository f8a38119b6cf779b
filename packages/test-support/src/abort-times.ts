import { setTimeout as delay } from 'node:timers/promises'

/**
 * Does the work once to its end, and once aborts it after a tenth of the time that took.
 *
 * @returns The seconds of the whole, and from the abort until the promise rejected with the signal's reason. They are to be
 *   compared with each other: how long anything takes on a busy machine says nothing.
 */
export async function abortTimes(
  work: (signal: AbortSignal) => Promise<unknown>,
): Promise<{ whole: number; afterAbort: number }> {
  const start = performance.now()
  await work(new AbortController().signal)
  const whole = performance.now() - start
  const controller = new AbortController()
  const pending = work(controller.signal).then(
    () => 'it came to its end',
    (error: unknown) => error,
  )
  await delay(whole / 10)
  const reason = new Error('enough')
  const aborted = performance.now()
  controller.abort(reason)
  const outcome = await pending
  if (outcome !== reason) throw new Error('the abort changed nothing', { cause: outcome })
  return { whole: whole / 1000, afterAbort: (performance.now() - aborted) / 1000 }
}
