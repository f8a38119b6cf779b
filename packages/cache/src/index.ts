import { registerCache } from '@audiodecode/core'

import { createAudioCache } from './create-audio-cache.js'

registerCache(createAudioCache())

export type { AudioCacheOptions } from './cache-options.js'
export { createAudioCache }
