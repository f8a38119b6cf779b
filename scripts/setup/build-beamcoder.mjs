import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { root } from './root.mjs'
import { runCommand } from './run-command.mjs'

const FOLDER = join(root, 'packages/beamcoder-tests/node_modules/beamcoder')
const ADDON = join(FOLDER, 'build/Release/beamcoder.node')

/** Lines of a failed build's output that are shown. */
const SHOWN_LINES = 15

/** What a program that uses all of beamcoder's libraries begins with. */
const PROBE = `#include <libavcodec/avcodec.h>
#include <libavdevice/avdevice.h>
#include <libavfilter/avfilter.h>
#include <libavformat/avformat.h>
#include <libpostproc/postprocess.h>
#include <libswresample/swresample.h>
#include <libswscale/swscale.h>
#if LIBAVCODEC_VERSION_MAJOR != 59
#error
#endif`

/** Whether FFmpeg 5 is there with its headers. */
export async function hasFfmpeg5Headers() {
  const script = `printf '%s\\n' "$PROBE" | cc -E -x c - -o /dev/null`
  const env = { ...process.env, PROBE }
  return (await runCommand('sh', ['-c', script], { env, capture: true })).code === 0
}

/**
 * Compiles the npm package beamcoder for its tests, where FFmpeg 5 and its headers are: 25 s, once. `pnpm install` leaves it alone, so
 * that an installation neither takes as long nor fails elsewhere; there its tests are skipped.
 *
 * @returns {Promise<string | null>} Its folder, or null where it is not there.
 */
export async function buildBeamcoder() {
  if (existsSync(ADDON)) return FOLDER
  if (process.platform === 'win32' || !existsSync(FOLDER) || !(await hasFfmpeg5Headers()))
    return null
  console.log('Building beamcoder …')
  const { code, output } = await runCommand('npm', ['run', 'install'], {
    cwd: FOLDER,
    env: withNodeHeaders(),
    capture: true,
  })
  if (code === 0) return FOLDER
  console.error(output.split('\n').slice(-SHOWN_LINES).join('\n'))
  return null
}

/** node-gyp downloads Node's headers unless it is told where they are; most installations of Node have them. */
function withNodeHeaders() {
  const prefix = dirname(dirname(process.execPath))
  const hasHeaders = existsSync(join(prefix, 'include/node/node.h'))
  return hasHeaders ? { ...process.env, npm_config_nodedir: prefix } : process.env
}
