import { isAudioDecodeError } from '@audiodecode/core'

import { CliError } from './cli-error.js'
import type { CliStreams } from './streams.js'

/**
 * An error as one line for people. The name of the file, which the caller prints in front, is taken off the message; what
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
  const input = isAudioDecodeError(error) ? error.input : undefined
  return withoutPrefix(withoutPrefix(error.message, label), input)
}

function withoutPrefix(message: string, prefix: string | undefined): string {
  if (prefix === undefined || !message.startsWith(`${prefix}: `)) return message
  return message.slice(prefix.length + 2)
}
