import { registerBackend } from '@audiodecode/core'

import { sndfileBackend } from './sndfile-backend.js'

registerBackend(sndfileBackend)

export { sndfileBackend }
