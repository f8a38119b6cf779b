import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { cacheFolder } from '../cache-folder.js'
import { runCommand } from '../run-command.js'
import { startAudioDecode } from './audiodecode.js'
import type { Engine } from './engine.js'

const VERSION = '0.7.1'
const ADVICE =
  'beamcoder is compiled against FFmpeg 5: apt-get install g++ make python3 libavcodec-dev libavdevice-dev libavfilter-dev libavformat-dev libavutil-dev libpostproc-dev libswresample-dev libswscale-dev'

/** AudioDecode with the npm package beamcoder, which is installed and compiled at the first call. */
export async function startBeamcoder(): Promise<Engine> {
  const folder = process.env['AUDIODECODE_BEAMCODER'] ?? (await installed())
  if (!existsSync(folder)) throw new Error(`there is no ${folder}; ${ADVICE}`)
  return startAudioDecode({ threads: 1, env: { ...process.env, AUDIODECODE_BEAMCODER: folder } })
}

async function installed(): Promise<string> {
  const place = await cacheFolder(`beamcoder-${VERSION}`)
  const folder = join(place, 'node_modules/beamcoder')
  if (existsSync(join(folder, 'build/Release/beamcoder.node'))) return folder
  // Node's headers come with most installations of it; else node-gyp downloads them.
  const prefix = dirname(dirname(process.execPath))
  const hasHeaders = existsSync(join(prefix, 'include/node/node.h'))
  const env = hasHeaders ? { ...process.env, npm_config_nodedir: prefix } : process.env
  const args = ['install', '--prefix', place, '--no-save', `beamcoder@${VERSION}`]
  try {
    await runCommand('npm', args, env)
  } catch (cause) {
    throw new Error(ADVICE, { cause })
  }
  return folder
}
