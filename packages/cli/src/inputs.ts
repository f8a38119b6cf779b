import { basename } from 'node:path'

import type { AudioInput } from '@audiodecode/core'

import { usageError } from './cli-error.js'
import type { CliStreams } from './streams.js'

/** One FILE argument. */
export interface CliInput {
  /** The argument as typed. */
  readonly argument: string
  /** Its name in messages. */
  readonly label: string
  /** What core reads. */
  readonly input: AudioInput
  /** Name without folder and extension, for output files: "stdin" for `-`. */
  readonly stem: string
}

/**
 * FILE arguments as inputs; `-` is standard input.
 *
 * @throws CliError with `isUsage` when there is none, or standard input is asked for twice or is a terminal.
 */
export function resolveInputs(files: readonly string[], streams: CliStreams): CliInput[] {
  if (files.length === 0) throw usageError('no FILE given')
  if (files.filter((file) => file === '-').length > 1) throw usageError('- can be read only once')
  return files.map((argument) => {
    if (argument === '') throw usageError('a FILE is empty')
    if (argument !== '-') {
      return { argument, label: argument, input: argument, stem: stemOf(argument) }
    }
    if (streams.stdin.isTTY === true) {
      throw usageError('- reads standard input, which is a terminal; pipe a file into it')
    }
    return { argument, label: 'stdin', input: streams.stdin, stem: 'stdin' }
  })
}

function stemOf(argument: string): string {
  const path = /^(https?|file):/i.test(argument) ? new URL(argument).pathname : argument
  const name = argument.startsWith('data:') ? 'data' : basename(path)
  return name.replace(/(?<=.)\.[^.]*$/, '') || 'audio'
}
