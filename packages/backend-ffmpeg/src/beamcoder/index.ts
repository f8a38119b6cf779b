import { registerBackend } from '@audiodecode/core'

import { beamcoderBackend } from './beamcoder-backend.js'

registerBackend(beamcoderBackend)

export { beamcoderBackend }
