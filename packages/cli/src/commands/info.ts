import { info } from '@audiodecode/core'
import type { AudioInfo } from '@audiodecode/core'
import { defineCommand } from 'citty'
import type { CommandDef } from 'citty'

import { usageError } from '../cli-error.js'
import { contextFrom } from '../command-context.js'
import { ExitCode } from '../exit-code.js'
import { explain } from '../explain.js'
import { inputArgs, inputOptions } from '../input-options.js'
import { resolveInputs } from '../inputs.js'
import { loadBackendsOrWarn } from '../load-backends.js'
import { mapPool } from '../map-pool.js'
import { BrokenPipe, writeLine } from '../streams.js'
import { style } from '../style.js'
import { table } from '../table.js'
import { channelsInWords, clock } from '../units.js'
import { waveformOf } from '../waveform-of.js'

const args = {
  file: {
    type: 'positional',
    required: false,
    description: 'Files or URLs to look into; - is standard input',
  },
  json: { type: 'boolean', description: 'An array with everything that is known, tags included' },
  scan: {
    type: 'boolean',
    description: 'Exact length, reading the whole file where that is needed',
  },
  wave: { type: 'boolean', description: 'Draw the waveform' },
  ...inputArgs,
} as const

/** `audiodecode info FILE…`: what is in audio files, without decoding them. */
export const infoCommand: CommandDef = defineCommand({
  meta: { name: 'info', description: 'Show format, rate, channels and length of audio files' },
  args,
  async run({ args, data }) {
    const { streams, files } = contextFrom(data)
    const { signal } = streams
    if (args.json === true && args.wave === true)
      throw usageError('--json and --wave exclude each other')
    const options = { ...inputOptions(args), ...(signal === undefined ? {} : { signal }) }
    const inputs = resolveInputs(files, streams)
    if (args.wave === true && files.includes('-')) {
      throw usageError('--wave reads a file twice, which standard input does not allow')
    }
    await loadBackendsOrWarn(streams)

    const found = await mapPool(inputs, 4, async ({ input, label }) => {
      signal?.throwIfAborted()
      try {
        return { file: label, ...(await info(input, { ...options, scan: args.scan === true })) }
      } catch (error) {
        if (signal?.aborted === true || error instanceof BrokenPipe) throw error
        const reason = style('red', explain(error, streams.env, label))
        await writeLine(streams, 'stderr', `audiodecode: ${label}: ${reason}`)
        return null
      }
    })
    const known = found.filter((item) => item !== null)
    let failed = known.length < found.length
    if (args.json === true) {
      await writeLine(streams, 'stdout', JSON.stringify(known, null, 2))
    } else if (args.wave !== true) {
      if (known.length > 0) await writeLine(streams, 'stdout', infoTable(known))
    } else {
      for (const item of known) {
        await writeLine(streams, 'stdout', infoTable([item]))
        try {
          const columns = Math.min(streams.stdout.columns ?? 80, 120)
          await writeLine(streams, 'stdout', await waveformOf(item.file, options, columns))
        } catch (error) {
          if (signal?.aborted === true || error instanceof BrokenPipe) throw error
          failed = true
          const reason = style('red', explain(error, streams.env, item.file))
          await writeLine(streams, 'stderr', `audiodecode: ${item.file}: ${reason}`)
        }
      }
    }
    return failed ? ExitCode.failed : ExitCode.ok
  },
}) as unknown as CommandDef

const HEADING = [
  'FILE',
  'CONTAINER',
  'CODEC',
  'RATE',
  'CHANNELS',
  'DURATION',
  'DEPTH',
  'BIT RATE',
  'BACKEND',
]

function infoTable(items: readonly (AudioInfo & { readonly file: string })[]): string {
  return table(HEADING, items.map(row), ['RATE', 'DURATION', 'DEPTH', 'BIT RATE'])
}

/** An estimate is marked with ~, what is not known with –. */
function row(item: AudioInfo & { readonly file: string }): string[] {
  const { durationSeconds, framesExact, bitDepth, bitRate } = item
  return [
    item.file,
    item.container,
    item.codec,
    `${item.sampleRate} Hz`,
    item.channels > 2 && item.channelLayout !== null
      ? item.channelLayout
      : channelsInWords(item.channels),
    durationSeconds === null ? '–' : `${framesExact ? '' : '~'}${clock(durationSeconds)}`,
    bitDepth === null ? '–' : `${bitDepth} bit`,
    bitRate === null ? '–' : `${Math.round(bitRate / 1000)} kbit/s`,
    item.backend,
  ]
}
