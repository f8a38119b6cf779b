import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** Where beamcoder is, or why it is not there. */
export type Found = { readonly folder: string } | { readonly reason: string }

/** The one version that this is written for: it is also the last. */
const WANTED = '0.7.1'

/** What to do to have it. */
export const ADVICE: string =
  `Install it with: npm i beamcoder@${WANTED}. It is compiled then, against FFmpeg 5 with its headers ` +
  '(Debian 12: apt-get install build-essential python3 libavcodec-dev libavdevice-dev libavfilter-dev libavformat-dev ' +
  'libavutil-dev libpostproc-dev libswresample-dev libswscale-dev). @audiodecode/backend-ffmpeg itself needs none of it.'

/** The folder that AUDIODECODE_BEAMCODER names, else what this package or the program would import as `beamcoder`. */
export function findBeamcoder(env: NodeJS.ProcessEnv = process.env): Found {
  const named = env['AUDIODECODE_BEAMCODER']
  if (named !== undefined && named !== '') return check(named)
  for (const from of startingPoints()) {
    try {
      return check(dirname(createRequire(from).resolve('beamcoder/package.json')))
    } catch {
      // Not from there.
    }
  }
  return { reason: 'the package "beamcoder" is not installed' }
}

function check(folder: string): Found {
  const version = versionOf(folder)
  if (version === null) return { reason: `${folder} is no beamcoder: it has no package.json` }
  if (version !== WANTED) return { reason: `${folder} is beamcoder ${version}, not ${WANTED}` }
  if (existsSync(join(folder, 'build/Release/beamcoder.node'))) return { folder }
  return { reason: `${folder} is not compiled: it has no build/Release/beamcoder.node` }
}

function versionOf(folder: string): string | null {
  try {
    const text = readFileSync(join(folder, 'package.json'), 'utf8')
    return String((JSON.parse(text) as { version?: unknown }).version)
  } catch {
    return null
  }
}

/** This package, which has it as a peer; the main script; the current folder. */
function startingPoints(): readonly string[] {
  // In a bundle of CommonJS format import.meta is empty.
  const here = import.meta.url ?? __filename
  const program = process.argv[1]
  return [
    here,
    ...(program === undefined ? [] : [pathToFileURL(program).href]),
    pathToFileURL(join(process.cwd(), 'package.json')).href,
  ]
}

/** Where the program of the processes is, which this package ships as it is. */
export function childFolder(): string {
  const here = import.meta.url ?? __filename
  const manifest = createRequire(here).resolve('@audiodecode/backend-ffmpeg/package.json')
  return join(dirname(manifest), 'beamcoder-child')
}
