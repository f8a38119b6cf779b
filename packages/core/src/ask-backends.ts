import type { AudioBackend } from './audio-backend.js'
import type { DeclinedBackend } from './decode-report.js'
import { AudioDecodeError, isAudioDecodeError } from './errors.js'
import { adviseInstall, formatName } from './install-advice.js'
import { findBackend, listBackends } from './registry.js'
import type { ProbedInput } from './session.js'

/**
 * What the first backend that does not decline makes of an input. Backends are asked by tier, or in the order of `names`; ERR_
 * UNSUPPORTED_FORMAT and ERR_BACKEND_UNAVAILABLE pass the question on, any other error is final. When all decline, the error
 * lists each with its reason and says what to install.
 */
export async function askBackends<T>(
  input: ProbedInput,
  names: readonly string[] | undefined,
  attempt: (backend: AudioBackend, declined: readonly DeclinedBackend[]) => Promise<T>,
): Promise<T> {
  const candidates = names?.map((name) => findBackend(name) ?? name) ?? listBackends()
  if (candidates.length === 0) throw noBackend(input)
  const declined: DeclinedBackend[] = []
  const errors: AudioDecodeError[] = []
  for (const candidate of candidates) {
    if (typeof candidate === 'string') {
      const reason = 'is not registered; import its package'
      declined.push({ backend: candidate, reason })
      errors.push(new AudioDecodeError('ERR_BACKEND_UNAVAILABLE', reason, { backend: candidate }))
      continue
    }
    if (names === undefined) {
      const reason = refusal(candidate, input)
      if (reason !== null) {
        declined.push({ backend: candidate.name, reason })
        continue
      }
    }
    try {
      // A copy: the list goes on growing only for the backends after this one.
      return await attempt(candidate, [...declined])
    } catch (error) {
      if (!isDecline(error)) throw error
      declined.push({ backend: candidate.name, reason: error.message })
      errors.push(error)
    }
  }
  throw allDeclined(input, declined, errors)
}

function refusal(backend: AudioBackend, { probe }: ProbedInput): string | null {
  try {
    return backend.supports(probe) ? null : `does not read ${formatName(probe)}`
  } catch (error) {
    return `its supports() failed: ${error instanceof Error ? error.message : String(error)}`
  }
}

function isDecline(error: unknown): error is AudioDecodeError {
  if (!isAudioDecodeError(error)) return false
  return error.code === 'ERR_UNSUPPORTED_FORMAT' || error.code === 'ERR_BACKEND_UNAVAILABLE'
}

function noBackend({ resolved }: ProbedInput): AudioDecodeError {
  return new AudioDecodeError(
    'ERR_NO_BACKEND',
    `No backend is registered to decode ${resolved.label}. Run: npm i @audiodecode/backend-rust, and import it: import '@audiodecode/backend-rust'`,
    { input: resolved.label },
  )
}

function allDeclined(
  { resolved, probe }: ProbedInput,
  declined: readonly DeclinedBackend[],
  errors: readonly AudioDecodeError[],
): AudioDecodeError {
  const unavailable = errors.find(({ code }) => code === 'ERR_BACKEND_UNAVAILABLE')
  const lines = declined.map(({ backend, reason }) => `\n  ${backend}: ${reason}`).join('')
  const advice = adviseInstall(
    probe,
    listBackends().map(({ name }) => name),
  )
  const [only, ...more] = errors
  const cause = more.length === 0 ? only : new AggregateError(errors, 'what the backends answered')
  return new AudioDecodeError(
    unavailable === undefined ? 'ERR_UNSUPPORTED_FORMAT' : 'ERR_BACKEND_UNAVAILABLE',
    `No backend could decode ${resolved.label} (${formatName(probe)}).${lines}${advice === null ? '' : `\n${advice}`}`,
    {
      input: resolved.label,
      backend: declined.length === 1 ? declined[0]?.backend : undefined,
      cause,
    },
  )
}
