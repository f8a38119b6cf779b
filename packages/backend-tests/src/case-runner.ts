import type { AudioBackend } from '@audiodecode/core'
import type { TestContext } from 'vitest'

import type { ConformanceCase } from './conformance-cases.js'

/** A case as the body of a vitest test, which skips itself where the backend says that it cannot work. */
export function caseRunner(
  backend: AudioBackend,
  { run }: Pick<ConformanceCase, 'run'>,
): (context: Pick<TestContext, 'skip'>) => Promise<void> {
  return async ({ skip }) => {
    const status = await backend.status?.()
    if (status?.available === false) skip(status.hint ?? 'the backend cannot work here')
    await run()
  }
}
