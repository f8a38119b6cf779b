import { registerBackend } from '@audiodecode/core'

import { rustBackend } from './rust-backend.js'

registerBackend(rustBackend)

export { rustBackend }
