import { isAudioDecodeError } from '@audiodecode/core'

import { CliError } from './cli-error.js'
import type { CliStreams } from './streams.js'

/**
 * An error as one line for people. What
 * is not one of our own errors keeps its name, since it is a bug worth reporting. AUDIODECODE_DEBUG=1 adds the stack.
 */
export function explain(error: unknown, env: CliStreams['env'], label?: string): string {
  const debug = env['AUDIODECODE_DEBUG']
  const wantsStack = debug !== undefined && debug !== '' && debug !== '0'
  if (!(error instanceof Error)) return String(error)
  if (wantsStack) return error.stack ?? error.message
  const isExpected =
    error instanceof CliError ||
    isAudioDecodeError(error) ||
    typeof Reflect.get(error, 'code') === 'string'
  if (!isExpected) {
    return `${error.name}: ${error.message} (AUDIODECODE_DEBUG=1 shows where)`
  }
  return forTheCommand(error.message, label)
}

/**
 * Core's messages are for programs: they name the file, take several lines and tell what to import. Here the file's name
 * stands in front already, a line is better for grep, and the command imports by itself.
 */
function forTheCommand(message: string, label: string | undefined): string {
  let text = message.replaceAll(/,? and import it: import '[^']*'/g, '')
  if (label !== undefined) {
    if (text.startsWith(label)) text = text.slice(label.length).replace(/^:? +/, '')
    text = text.replaceAll(`: ${label}: `, ': ').replace(` decode ${label} (`, ' decode it (')
  }
  const lines = text.split(/\.?\s*\n\s*/).filter((line) => line !== '')
  return lines.join('; ') || message
}
