export { countingSample, makeWav } from './make-wav.js'
export { opener, wholeFile } from './open-backend.js'
export { platformNames } from './platform-names.js'
export { temporaryFolder } from './temporary-folder.js'
