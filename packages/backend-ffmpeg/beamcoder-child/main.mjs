// A process that decodes files with beamcoder, one request after another: `node main.mjs FOLDER_OF_BEAMCODER`. It is a process of its
// own because beamcoder reads memory that it has freed whenever FFmpeg reports an error, which ends the process.
//
// Requests are lines of JSON on standard input; answers go to descriptor 3, as `send.mjs` writes them. Nothing is said on standard
// output, where beamcoder prints what it likes.
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

import { decodeFile } from './decode-file.mjs'
import { Refusal } from './refusal.mjs'
import { send } from './send.mjs'

/** The addon itself: beamcoder's index.js would print a banner and install handlers of signals. */
function loadBeamcoder(folder) {
  const addon = createRequire(import.meta.url)(join(folder, 'build/Release/beamcoder.node'))
  addon.logging('quiet')
  return addon
}

async function answer(beamcoder, request) {
  try {
    send(await decodeFile(beamcoder, request))
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const { code, message, step, packet } = error
    send({ kind: 'refused', code, message, step, packet })
  }
}

try {
  const beamcoder = loadBeamcoder(process.argv[2])
  send({ kind: 'ready', version: beamcoder.avVersionInfo() })
  // The end of the input is the end of the process that asks. Not exit(), which would wait for what works in the background.
  process.stdin.once('end', () => process.kill(process.pid, 'SIGKILL'))
  for await (const line of createInterface({ input: process.stdin })) {
    await answer(beamcoder, JSON.parse(line))
  }
} catch (error) {
  send({ kind: 'broken', message: error instanceof Error ? error.message : String(error) })
  process.exit(1)
}
