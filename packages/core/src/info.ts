import { askBackends } from './ask-backends.js'
import type { AudioInfo } from './audio-info.js'
import type { AudioInput } from './audio-input.js'
import { checkInfoOptions } from './check-options.js'
import type { InfoOptions } from './load-options.js'
import { lookInto } from './look-into.js'
import { probeInput } from './probe-input.js'

/**
 * What a file is: format, rate, channels, length, tags. Reads the headers; with `scan` as much as it takes to count the frames. A
 * backend that can only decode decodes everything for it.
 */
export async function info(input: AudioInput, options?: InfoOptions): Promise<AudioInfo> {
  const checked = checkInfoOptions(options)
  const probed = await probeInput(input, checked)
  return askBackends(probed, checked.backends, async (backend) =>
    lookInto(backend, probed, checked, checked.scan),
  )
}
