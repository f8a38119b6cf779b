import type { AudioBackend } from '@audiodecode/core'

import { checks } from './all-checks.js'
import type { Check } from './check.js'
import type { ConformanceOptions, Exception } from './conformance-options.js'
import type { ConformanceSample } from './conformance-sample.js'
import { sampleFiles } from './sample-files.js'
import { ConformanceFailure } from './support/failure.js'
import { wavSamples } from './wav-samples.js'

/** One check of one file. */
export interface ConformanceCase {
  /** The check. */
  readonly check: Check
  /** The file; for checks that need only one, the first that fits. */
  readonly sample: ConformanceSample
  /** The exception that the backend claims, or null. */
  readonly exception: Exception | null
  /** Runs it: rejects when the backend does not pass, or when it passes in spite of an exception. */
  readonly run: () => Promise<void>
}

/** Every check of every file that a backend says it reads, for any test runner. Nothing is decoded before a case is run. */
export function conformanceCases(
  backend: AudioBackend,
  options: ConformanceOptions,
): readonly ConformanceCase[] {
  const samples = samplesFor(options)
  return checks.flatMap((check) => {
    const fitting = samples.filter((sample) => check.applies(sample, backend))
    const chosen = check.once === true ? fitting.slice(0, 1) : fitting
    return chosen.map((sample) => toCase(backend, check, sample, options))
  })
}

function samplesFor({ formats, samples = [] }: ConformanceOptions): readonly ConformanceSample[] {
  const known = [...wavSamples(), ...sampleFiles()]
  const unknown = formats.filter((format) => !known.some((sample) => sample.format === format))
  if (unknown.length > 0) {
    throw new TypeError(`no sample files of ${unknown.join(', ')}; give your own as \`samples\``)
  }
  return [...samples, ...known.filter(({ format }) => formats.some((name) => name === format))]
}

function toCase(
  backend: AudioBackend,
  check: Check,
  sample: ConformanceSample,
  { exceptions = [] }: ConformanceOptions,
): ConformanceCase {
  const exception =
    exceptions.find(
      ({ check: name, formats, files }) =>
        name === check.name &&
        (formats === undefined || formats.includes(sample.format)) &&
        (files === undefined || files.includes(sample.name)),
    ) ?? null
  const run = async (): Promise<void> => check.run(backend, sample)
  return { check, sample, exception, run: exception === null ? run : async () => mustFail(run) }
}

async function mustFail(run: () => Promise<void>): Promise<void> {
  try {
    await run()
  } catch {
    return
  }
  throw new ConformanceFailure('it passes: the exception is no longer needed')
}
