// What a short-lived program does: import, decode one file, exit. `cold-load.mjs FILE OPTIONS`.
import { load } from '@audiodecode/core'
import '@audiodecode/backend-rust'

const audio = await load(process.argv[2], JSON.parse(process.argv[3] ?? '{}'))
console.log(audio.frames)
