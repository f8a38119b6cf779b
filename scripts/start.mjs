// `npm start [-- FILE]`: set up, build, decode a recording and transcribe it.
import { join, resolve } from 'node:path'

import { fail } from './setup/fail.mjs'
import { fetchModel } from './setup/fetch-model.mjs'
import { prepare } from './setup/prepare.mjs'
import { root } from './setup/root.mjs'
import { runCommand } from './setup/run-command.mjs'

const { missing } = await prepare()
if (missing.length > 0) fail(`Nothing can be decoded without ${missing.join(' and ')}.`)

console.log('Building …')
const build = [
  'exec',
  'turbo',
  'run',
  'build',
  '--filter=@audiodecode/cli...',
  '--filter=@audiodecode/whisper...',
  '--output-logs=errors-only',
]
const built = await runCommand('pnpm', build)
if (built.code !== 0) fail('The build failed (see above).')

const argument = process.argv[2]
// npm runs scripts in the root of the repository; the caller's path is relative to where the caller is.
const file = argument ? resolve(process.env.INIT_CWD ?? '.', argument) : 'fixtures/jfk.flac'
const cli = join(root, 'packages/cli/dist/bin.js')
const shown = await runCommand(process.execPath, [cli, 'info', '--wave', file])
const measured =
  shown.code === 0
    ? await runCommand(process.execPath, ['scripts/measure-decode.mjs', file])
    : shown
const heard = measured.code === 0 ? await transcribe() : measured
process.exitCode = heard.code

/** What is said in it, when a model can be had. */
async function transcribe() {
  try {
    const model = await fetchModel('base')
    return await runCommand(process.execPath, ['scripts/show-words.mjs', model, file])
  } catch (error) {
    console.log(`\nNothing is transcribed: ${error.message}`)
    return { code: 0 }
  }
}
