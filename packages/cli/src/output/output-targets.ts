import { stat } from 'node:fs/promises'
import { mkdir } from 'node:fs/promises'
import { extname, join, resolve } from 'node:path'

import { usageError } from '../cli-error.js'
import type { CliInput } from '../inputs.js'
import type { OutputFormat } from './sample-writer.js'

/** Where one input's samples go. */
export interface OutputTarget {
  /** Path, or null for standard output. */
  readonly path: string | null
  readonly format: OutputFormat
}

const formats: readonly OutputFormat[] = ['wav', 'npy', 'f32']

/**
 * A target for every input: `output` itself, or a file in it when it is a folder (existing, or named with a slash at the end;
 * then it is made).
 *
 * @throws CliError with `isUsage` for several inputs and one file, an unknown format, or two inputs with one target.
 */
export async function outputTargets(
  inputs: readonly CliInput[],
  output: string | undefined,
  formatName: string | undefined,
): Promise<OutputTarget[]> {
  if (output === undefined)
    throw usageError('say where the samples go: -o FILE, -o FOLDER/ or -o -')
  const named = formatName === undefined ? undefined : knownFormat(formatName)
  if (await isFolder(output)) return inFolder(inputs, output, named ?? 'wav')
  if (inputs.length > 1) {
    throw usageError(
      output === '-'
        ? 'standard output takes one FILE; give a folder for several'
        : `${output} is not a folder; for several FILEs end it with a slash: -o ${output}/`,
    )
  }
  if (output === '-') return [{ path: null, format: named ?? 'wav' }]
  return [{ path: output, format: named ?? formatOf(output) }]
}

async function isFolder(output: string): Promise<boolean> {
  if (output === '-') return false
  if (/[/\\]$/.test(output)) {
    await mkdir(output, { recursive: true })
    return true
  }
  return stat(output).then(
    (found) => found.isDirectory(),
    () => false,
  )
}

function inFolder(
  inputs: readonly CliInput[],
  folder: string,
  format: OutputFormat,
): OutputTarget[] {
  const owners = new Map<string, string>()
  return inputs.map(({ stem, argument }) => {
    const path = join(folder, `${stem}.${format}`)
    // File systems that ignore case must not lose a file either.
    const key = resolve(path).toLowerCase()
    const owner = owners.get(key)
    if (owner !== undefined) {
      throw usageError(
        `${owner} and ${argument} would both become ${path}; decode them into two folders`,
      )
    }
    owners.set(key, argument)
    return { path, format }
  })
}

function knownFormat(name: string): OutputFormat {
  const format = formats.find((known) => known === name)
  if (format === undefined)
    throw usageError(`--format must be ${formats.join(', ')}, not "${name}"`)
  return format
}

function formatOf(path: string): OutputFormat {
  const extension = extname(path).toLowerCase().slice(1)
  const format = formats.find((known) => known === extension)
  if (format === undefined) {
    throw usageError(
      `cannot tell the format of ${path}; end it in .wav, .npy or .f32, or say --format`,
    )
  }
  return format
}
