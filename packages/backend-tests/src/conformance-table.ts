import type { AudioBackend } from '@audiodecode/core'

import type { CheckName } from './check.js'
import { conformanceCases } from './conformance-cases.js'
import type { ConformanceOptions } from './conformance-options.js'

/** What a backend does, format by format. */
export interface ConformanceTable {
  /** Name of the backend. */
  readonly backend: string
  /** What it does by itself; core does the rest. */
  readonly capabilities: readonly string[]
  /** Formats by name. */
  readonly formats: Readonly<Record<string, FormatRow>>
}

/** What a backend does with one format. */
export interface FormatRow {
  /** Number of files. */
  readonly files: number
  /** Checks it passes for all of them. */
  readonly passes: readonly CheckName[]
  /** What it does not do, by check. */
  readonly exceptions: Readonly<Record<string, string>>
}

/** The table of a backend whose tests are green: it follows from the options alone, nothing is decoded. */
export function conformanceTable(
  backend: AudioBackend,
  options: ConformanceOptions,
): ConformanceTable {
  const cases = conformanceCases(backend, options)
  const names = [...new Set(cases.map(({ sample }) => sample.format))]
  const formats = names.map((format): [string, FormatRow] => {
    const mine = cases.filter(({ sample }) => sample.format === format)
    const excepted = mine.flatMap(({ check, sample, exception }) =>
      exception === null ? [] : [{ check: check.name, file: sample.name, exception }],
    )
    const isExcepted = (name: CheckName): boolean => excepted.some(({ check }) => check === name)
    const passes = [...new Set(mine.map(({ check }) => check.name))]
    return [
      format,
      {
        files: new Set(mine.map(({ sample }) => sample.name)).size,
        passes: passes.filter((name) => !isExcepted(name)),
        exceptions: Object.fromEntries(
          excepted.map(({ check, exception }) => [
            check,
            exception.files === undefined
              ? exception.reason
              : `${exception.files.join(', ')}: ${exception.reason}`,
          ]),
        ),
      },
    ]
  })
  const { capabilities = {} } = backend
  return {
    backend: backend.name,
    capabilities: ['range', 'resample', 'mono', 'out'].filter(
      (name) => Reflect.get(capabilities, name) === true,
    ),
    formats: Object.fromEntries(formats),
  }
}
