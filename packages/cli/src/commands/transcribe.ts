import { writeFile } from 'node:fs/promises'

import type { TranscribeOptions, TranscriptionResult } from '@audiodecode/core'
import { load } from '@audiodecode/core'
import { defineCommand } from 'citty'
import type { CommandDef } from 'citty'

import { CliError, modelError, usageError } from '../cli-error.js'
import { contextFrom } from '../command-context.js'
import { downloadLines } from '../download-lines.js'
import { ExitCode } from '../exit-code.js'
import { explain } from '../explain.js'
import { inputArgs, inputOptions } from '../input-options.js'
import { resolveInputs } from '../inputs.js'
import type { CliInput } from '../inputs.js'
import { liveSamples } from '../live-samples.js'
import { loadBackendsOrWarn } from '../load-backends.js'
import { loadWhisper } from '../load-whisper.js'
import type { LoadedModel, WhisperModule } from '../load-whisper.js'
import { parseFormats, transcriptTargets } from '../output/transcript-targets.js'
import type { TranscriptFormat } from '../output/transcript-targets.js'
import { parseCount } from '../parse-values.js'
import { createProgress } from '../progress.js'
import { BrokenPipe, write, writeLine } from '../streams.js'
import { style } from '../style.js'
import { transcribeLive } from '../transcribe-live.js'
import { clock } from '../units.js'

const args = {
  file: {
    type: 'positional',
    required: false,
    description: 'Files or URLs to transcribe, films too; - is standard input',
  },
  model: {
    type: 'string',
    alias: 'm',
    valueHint: 'name',
    description: 'Folder of a Whisper model, or its name, which is downloaded (default base)',
  },
  language: {
    type: 'string',
    alias: 'l',
    valueHint: 'code',
    description: 'Language that is spoken (default: detected)',
  },
  translate: { type: 'boolean', description: 'Translate to English' },
  words: { type: 'boolean', alias: 'w', description: 'Find when each word is said' },
  format: {
    type: 'string',
    valueHint: 'txt,srt,…',
    description: 'txt, srt, vtt, tsv, json; several with commas (default txt)',
  },
  'output-dir': {
    type: 'string',
    alias: 'o',
    valueHint: 'folder',
    description: 'Write NAME.FORMAT there (default: standard output)',
  },
  vad: {
    type: 'string',
    valueHint: 'auto|on|off',
    description: 'Leave out what is not speech (default auto: on above a minute)',
  },
  beam: { type: 'string', valueHint: 'n', description: 'Hypotheses; 1 is quickest (default 5)' },
  temperature: { type: 'string', valueHint: 'n,…', description: 'Temperatures to try in turn' },
  prompt: {
    type: 'string',
    valueHint: 'text',
    description: 'Text that stands before the first window',
  },
  'compute-type': {
    type: 'string',
    valueHint: 'type',
    description: 'auto, int8 or float32 (default auto)',
  },
  threads: { type: 'string', valueHint: 'n', description: 'Threads (default: the cores)' },
  live: {
    type: 'boolean',
    description: 'Print words while they are heard; - is raw 16-bit samples, 16 kHz, one channel',
  },
  quiet: { type: 'boolean', alias: 'q', description: 'Only warnings and errors' },
  ...inputArgs,
} as const

/** `audiodecode transcribe FILE…`: what is said, as text or subtitles. */
export const transcribeCommand: CommandDef = defineCommand({
  meta: { name: 'transcribe', description: 'Turn speech into text or subtitles with Whisper' },
  args,
  async run({ args, data }) {
    const { streams, files } = contextFrom(data)
    const { signal } = streams
    const stopped = signal === undefined ? {} : { signal }
    const formats = parseFormats(args.format ?? 'txt')
    const folder = args['output-dir']
    if (folder === undefined && formats.length > 1) {
      throw usageError('several formats need a folder: --output-dir FOLDER')
    }
    if (
      args.live === true &&
      (folder !== undefined || args.words === true || formats[0] !== 'txt')
    ) {
      throw usageError('--live prints text as it comes: no --output-dir, --words or other --format')
    }
    const options: TranscribeOptions = {
      ...(args.language === undefined ? {} : { language: args.language }),
      ...(args.translate === true ? { task: 'translate' } : {}),
      ...(args.words === true ? { wordTimestamps: true } : {}),
      ...(args.vad === undefined ? {} : { vad: parseVad(args.vad) }),
      ...(args.beam === undefined ? {} : { beamSize: parseCount('--beam', args.beam) }),
      ...(args.temperature === undefined ? {} : { temperature: parseNumbers(args.temperature) }),
      ...(args.prompt === undefined ? {} : { initialPrompt: args.prompt }),
      ...stopped,
    }
    const opening = inputOptions(args)
    const threads =
      args.threads === undefined ? {} : { threads: parseCount('--threads', args.threads) }
    const inputs = resolveInputs(files, streams)
    const targets = folder === undefined ? null : await transcriptTargets(inputs, folder, formats)
    const whisper = await loadWhisper()
    await loadBackendsOrWarn(streams)

    const model = await whisper.WhisperModel.load(args.model ?? 'base', {
      ...threads,
      ...(args['compute-type'] === undefined ? {} : { computeType: args['compute-type'] }),
      ...(args.quiet === true ? {} : { onProgress: downloadLines(streams) }),
      ...stopped,
    })
    // Live text and a bar would be in each other's way.
    const progress = await createProgress(args.live === true ? 0 : inputs.length, streams)
    let ok = true
    try {
      // One after the other: each uses all threads that there are.
      for (const [index, input] of inputs.entries()) {
        signal?.throwIfAborted()
        try {
          if (args.live === true) {
            await transcribeLive(
              model,
              liveSamples(input, { ...opening, ...stopped }),
              options,
              streams,
            )
            continue
          }
          const started = performance.now()
          const result = await transcribeInput(model, input, opening, {
            ...options,
            onProgress: ({ phase, seconds, totalSeconds }) => {
              if (phase === 'transcribe') progress.update(index, seconds / totalSeconds)
            },
          })
          const elapsed = (performance.now() - started) / 1000
          progress.update(index, 1)
          const target = targets?.[index]
          if (target === undefined) {
            await write(streams.stdout, render(whisper, result, formats[0] ?? 'txt'))
          } else {
            for (const { path, format } of target)
              await writeFile(path, render(whisper, result, format))
          }
          if (args.quiet !== true) await progress.line(summary(input, result, elapsed))
        } catch (error) {
          const isUsage = error instanceof CliError && error.isUsage
          if (isUsage || signal?.aborted === true || error instanceof BrokenPipe) throw error
          ok = false
          progress.update(index, 1)
          const reason = style('red', explain(error, streams.env, input.label))
          await writeLine(streams, 'stderr', `audiodecode: ${input.label}: ${reason}`)
        }
      }
      return ok ? ExitCode.ok : ExitCode.failed
    } finally {
      progress.stop()
      await model.close()
    }
  },
}) as unknown as CommandDef

async function transcribeInput(
  model: LoadedModel,
  { input }: CliInput,
  opening: ReturnType<typeof inputOptions>,
  options: TranscribeOptions,
): Promise<TranscriptionResult> {
  const { signal } = options
  const audio = await load(input, {
    ...opening,
    sampleRate: 16_000,
    mono: true,
    ...(signal === undefined ? {} : { signal }),
  })
  try {
    return await model.transcribe(audio, options)
  } catch (error) {
    throw modelError(error)
  }
}

function render(
  whisper: WhisperModule,
  result: TranscriptionResult,
  format: TranscriptFormat,
): string {
  const writers = {
    txt: whisper.toText,
    srt: whisper.toSrt,
    vtt: whisper.toVtt,
    tsv: whisper.toTsv,
    json: whisper.toJson,
  }
  const text = writers[format](result)
  return text.endsWith('\n') ? text : `${text}\n`
}

function summary({ label }: CliInput, result: TranscriptionResult, elapsed: number): string {
  const { durationSeconds, language, languageProbability } = result
  const sure = languageProbability < 1 ? ` ${Math.round(100 * languageProbability)} %` : ''
  const speed = `${(durationSeconds / elapsed).toFixed(1)}× real time`
  const facts = `${clock(durationSeconds)}, ${language}${sure}, in ${elapsed.toFixed(1)} s (${speed})`
  return `${label}  ${style('gray', facts)}`
}

function parseVad(text: string): 'auto' | boolean {
  if (text === 'auto') return 'auto'
  if (text === 'on') return true
  if (text === 'off') return false
  throw usageError(`--vad must be auto, on or off, not "${text}"`)
}

function parseNumbers(text: string): number[] {
  const numbers = text.split(',').map(Number)
  if (numbers.some((number) => !Number.isFinite(number) || number < 0)) {
    throw usageError(`--temperature must be numbers from 0 on, with commas, not "${text}"`)
  }
  return numbers
}
