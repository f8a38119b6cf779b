import { afterEach } from 'vitest'

import { listBackends, unregisterBackend } from '../src/index.js'

/** Leaves no backend behind for the next test. */
export function resetRegistry(): void {
  afterEach(() => {
    for (const { name } of listBackends()) unregisterBackend(name)
  })
}
