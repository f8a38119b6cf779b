import { askBackends } from './ask-backends.js'
import type { AudioData } from './audio-data.js'
import type { CheckedOptions } from './check-options.js'
import { decodeSpan } from './decode-span.js'
import { openSession } from './session.js'
import type { ProbedInput } from './session.js'

/** Decodes with the first backend that does not decline, past any cache. */
export async function decodeInput(input: ProbedInput, options: CheckedOptions): Promise<AudioData> {
  return askBackends(input, options.backends, async (backend, declined) => {
    const session = await openSession(backend, input, options, { scan: options.offset < 0 })
    try {
      return await decodeSpan(session, options, declined)
    } finally {
      await session.close()
    }
  })
}
