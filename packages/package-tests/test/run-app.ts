import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Absolute path of the recording that the small applications decode. */
export const recording: string = fileURLToPath(
  new URL('../../../fixtures/jfk.flac', import.meta.url),
)

/** What libsndfile says of the recording: frames and channels, rate in Hz, and the root mean square of all its samples. */
export const expected = { frames: 485_100, channels: 2, sampleRate: 44_100, rms: 0.142113 } as const

/** Decodes the recording with `load` and prints frames, channels, rate and root mean square as JSON. */
const DECODE = `load(${JSON.stringify(recording)}).then((audio) => {
  let sum = 0
  for (const value of audio.data) sum += value * value
  const rms = Number(Math.sqrt(sum / audio.data.length).toFixed(6))
  console.log(JSON.stringify({ frames: audio.frames, channels: audio.channels, sampleRate: audio.sampleRate, rms }))
})
`
/** The two-line application of the README. */
export const importApp: string = `import { load } from '@audiodecode/core'
import '@audiodecode/backend-rust'
${DECODE}`
/** The same for CommonJS. */
export const requireApp: string = `const { load } = require('@audiodecode/core')
require('@audiodecode/backend-rust')
${DECODE}`

/** Computes MFCC of the recording with the package of features. */
export const featuresApp: string = `import { load } from '@audiodecode/core'
import '@audiodecode/backend-rust'
import { mfcc } from '@audiodecode/features'
load(${JSON.stringify(recording)}, { sampleRate: 22_050, mono: true }).then(mfcc).then(({ data, shape }) => {
  console.log(JSON.stringify({ shape, finite: data.every(Number.isFinite) }))
})
`

/** Loads Whisper's addon by the name of its package and prints whether its decoder is there. */
export const whisperAddonApp = (packageName: string): string =>
  `console.log(JSON.stringify({ decoder: typeof require('${packageName}').NativeDecoder }))
`

/** Writes a program into a folder. */
export function writeApp(folder: string, name: string, source: string): string {
  const path = join(folder, name)
  writeFileSync(path, source)
  return path
}

// pnpm's launchers put the workspace's packages on NODE_PATH, where an application must not find them.
const { NODE_PATH: _path, NODE_OPTIONS: _options, ...env } = process.env

/** Runs a program and parses the JSON that it prints; throws with its error output when it fails. */
export function runApp(node: string, path: string): unknown {
  return JSON.parse(
    execFileSync(node, [basename(path)], { cwd: join(path, '..'), encoding: 'utf8', env }),
  )
}
