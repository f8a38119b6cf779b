import { configure, threadBudget } from '@audiodecode/core'
import { defineCommand } from 'citty'
import type { CommandDef } from 'citty'

import { usageError } from '../cli-error.js'
import { contextFrom } from '../command-context.js'
import { ExitCode } from '../exit-code.js'
import { explain } from '../explain.js'
import { computeFile } from '../features/compute-file.js'
import type { FeatureJob, FeatureResult } from '../features/compute-file.js'
import { featureArgs, featureKind, tryKind } from '../features/feature-kind.js'
import { findAudioFiles } from '../features/find-audio-files.js'
import type { FoundFile } from '../features/find-audio-files.js'
import { openFolderStore } from '../features/folder-store.js'
import { createSampleMemory } from '../features/sample-memory.js'
import { openShardStore } from '../features/shard-store.js'
import { inputArgs, inputOptions } from '../input-options.js'
import { loadBackendsOrWarn } from '../load-backends.js'
import { loadFeatures } from '../load-features.js'
import { mapPool } from '../map-pool.js'
import { packageVersion } from '../package-version.js'
import { parseCount, parseQuality } from '../parse-values.js'
import { createProgress } from '../progress.js'
import { BrokenPipe, writeLine } from '../streams.js'
import type { CliStreams } from '../streams.js'
import { style } from '../style.js'
import { clock } from '../units.js'

const args = {
  folder: {
    type: 'positional',
    required: false,
    description: 'Folders, files, or quoted patterns such as "audio/**/*.flac"',
  },
  output: {
    type: 'string',
    alias: 'o',
    valueHint: 'out',
    description: 'Folder for a .npy of each file, or with --shard the .npz for all',
  },
  ...featureArgs,
  quality: {
    type: 'string',
    valueHint: 'best|fast',
    description: 'Of resampling (default fast)',
  },
  shard: { type: 'boolean', description: 'Write one .npz that holds all' },
  strict: { type: 'boolean', description: 'Damaged or truncated files fail' },
  force: { type: 'boolean', alias: 'f', description: 'Compute again what is there' },
  quiet: { type: 'boolean', alias: 'q', description: 'Only warnings and errors' },
  jobs: {
    type: 'string',
    alias: 'j',
    valueHint: 'n',
    description: 'Files at once (default: twice the threads)',
  },
  threads: { type: 'string', valueHint: 'n', description: 'Threads (default: the cores)' },
  ...inputArgs,
} as const

/** `audiodecode features FOLDER… -o OUT`: MFCC or mel spectrograms of many files, for numpy. */
export const featuresCommand: CommandDef = defineCommand({
  meta: { name: 'features', description: 'Turn folders of audio into MFCC or mel spectrograms' },
  args,
  async run({ args, data }) {
    const { streams, files: given } = contextFrom(data)
    const { signal } = streams
    const kind = featureKind(args)
    const opening = inputOptions(args)
    const quality = args.quality === undefined ? 'fast' : parseQuality(args.quality)
    if (args.output === undefined) throw usageError('-o OUT says where the features go')
    if (args.shard === true && !args.output.endsWith('.npz')) {
      throw usageError(`a shard is a .npz file, not ${args.output}`)
    }
    if (args.threads !== undefined) configure({ threads: parseCount('--threads', args.threads) })
    const jobs = args.jobs === undefined ? 2 * threadBudget() : parseCount('--jobs', args.jobs)
    const files = await findAudioFiles(given)
    const features = await loadFeatures('features')
    await loadBackendsOrWarn(streams)
    await tryKind(kind, features)

    const store =
      args.shard === true ? await openShardStore(args.output) : await openFolderStore(args.output)
    const { backend = null, track = null } = opening
    const job: FeatureJob = {
      kind,
      features,
      store,
      memory: createSampleMemory(),
      open: { ...opening, ...(signal === undefined ? {} : { signal }) },
      quality,
      notation: JSON.stringify([packageVersion(), kind.notation, quality, backend, track]),
      strict: args.strict === true,
      force: args.force === true,
      // One thread for each file is quickest while there are files enough; a single long one may have them all.
      threads: files.length >= jobs ? 1 : undefined,
    }
    try {
      const done = await computeAll(files, job, jobs, streams)
      await store.finish()
      if (args.quiet !== true) await writeLine(streams, 'stderr', summary(done))
      for (const failure of [...done.failures].sort()) {
        await writeLine(streams, 'stderr', `audiodecode: ${style('red', failure)}`)
      }
      return done.failures.length > 0 ? ExitCode.failed : ExitCode.ok
    } finally {
      await store.close()
    }
  },
}) as unknown as CommandDef

/** What came of a run. */
interface Done {
  readonly results: readonly FeatureResult[]
  /** A line for each file that failed. */
  readonly failures: readonly string[]
  readonly elapsedSeconds: number
}

async function computeAll(
  files: readonly FoundFile[],
  job: FeatureJob,
  jobs: number,
  streams: CliStreams,
): Promise<Done> {
  const { signal } = streams
  const started = performance.now()
  const progress = await createProgress(files.length, streams)
  const results: FeatureResult[] = []
  const failures: string[] = []
  const work = async (file: FoundFile, index: number): Promise<void> => {
    signal?.throwIfAborted()
    try {
      const result = await computeFile(file, job)
      results.push(result)
      for (const warning of result.warnings) {
        await progress.line(`audiodecode: ${file.path}: ${style('yellow', warning)}`)
      }
    } catch (error) {
      if (signal?.aborted === true || error instanceof BrokenPipe) throw error
      failures.push(`${file.path}: ${explain(error, streams.env, file.path)}`)
    }
    progress.update(index, 1)
  }
  try {
    await mapPool(files, jobs, work)
  } finally {
    progress.stop()
  }
  return { results, failures, elapsedSeconds: (performance.now() - started) / 1000 }
}

function summary({ results, failures, elapsedSeconds }: Done): string {
  const computed = results.filter(({ isSkipped }) => !isSkipped)
  const skipped = results.length - computed.length
  const parts = [
    `${computed.length} computed`,
    ...(skipped > 0 ? [`${skipped} done before`] : []),
    ...(failures.length > 0 ? [`${failures.length} failed`] : []),
  ]
  if (computed.length === 0) return parts.join(', ')
  const seconds = computed.reduce((sum, { audioSeconds }) => sum + audioSeconds, 0)
  const rate = (computed.length / elapsedSeconds).toFixed(1)
  const speed = `${rate} files/s, ${Math.round(seconds / elapsedSeconds)}× real time`
  const facts = `${clock(seconds)} in ${clock(elapsedSeconds)} (${speed})`
  return `${parts.join(', ')}  ${style('gray', facts)}`
}
