import type { AudioDecodeErrorCode } from '@audiodecode/core'

import type { BeamcoderProcess, Outcome } from './beamcoder-process.js'
import { DEMUXERS } from './demuxers.js'
import { failure } from './failure.js'
import type { ChildRequest, End, Message, Step } from './messages.js'
import type { ProcessPool } from './process-pool.js'

/** Packets that end the process after which a file is given up: each costs a process and a decode of what lies before it. */
const MOST_FATAL = 8

/** What of a file is wanted. */
export type Wanted = Pick<ChildRequest, 'kind' | 'start' | 'end' | 'limits'>

/** Gets what is said before the end. */
export type Take = (message: Message, samples: Float32Array) => void

/**
 * Reads one file, in as many attempts as it takes. Where a packet ends the process (a crash, or beamcoder trying it again and again
 * until it is stopped), the file is read again: with every packet told beforehand when it is not known which one it was, and then
 * without that packet. A file that can be read only so far is read again up to there.
 */
export class FileReader {
  readonly #pool: ProcessPool
  readonly #path: string
  readonly #label: string
  readonly #track: number | null
  readonly #skip = new Set<number>()
  #careful = false
  #stopAt: number | null = null

  constructor(pool: ProcessPool, path: string, label: string, track: number | undefined) {
    this.#pool = pool
    this.#path = path
    this.#label = label
    this.#track = track ?? null
  }

  /** One request; `begin` is called for every attempt. Rejects with an AudioDecodeError, or with `signal.reason`. */
  async read(wanted: Wanted, begin: () => Take, signal: AbortSignal | undefined): Promise<End> {
    for (;;) {
      const outcome = await this.#attempt(wanted, begin(), signal)
      if (outcome.kind === 'end') return outcome
      if (outcome.kind === 'failed') this.#learn(outcome)
    }
  }

  async #attempt(
    wanted: Wanted,
    take: Take,
    signal: AbortSignal | undefined,
  ): Promise<End | Failed | Again> {
    return this.#pool.use<End | Failed | Again>(signal, async (lent) => {
      const at = { step: null as Step | null, packet: 0 }
      const request = {
        ...wanted,
        path: this.#path,
        track: this.#track,
        demuxers: DEMUXERS,
        careful: this.#careful,
        skip: [...this.#skip],
        stopAt: this.#stopAt,
      }
      const outcome = await this.#run(lent, request, (message, samples) => {
        if (message.kind === 'at') Object.assign(at, { step: message.step, packet: message.packet })
        else take(message, samples)
      })
      signal?.throwIfAborted()
      if (outcome.kind === 'end') return outcome
      if (outcome.kind === 'died') return this.#afterDeath(at, outcome.by, lent)
      const { step, packet } = outcome
      if (step === undefined) throw this.#refusal(outcome.code, outcome.message)
      return { kind: 'failed', step: packet === undefined ? null : step, packet: packet ?? 0 }
    })
  }

  async #run(lent: BeamcoderProcess, request: ChildRequest, take: Take): Promise<Outcome> {
    try {
      await lent.ready
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      throw failure('ERR_BACKEND_UNAVAILABLE', `beamcoder cannot be loaded: ${reason}`, this.#label)
    }
    return lent.run(request, take)
  }

  /** A crash is the file's doing, unless one before it was damaged too; and a signal from outside says nothing about its packets. */
  #afterDeath(
    at: Omit<Failed, 'kind'>,
    by: NodeJS.Signals | null,
    { sawErrors }: BeamcoderProcess,
  ): Failed | Again {
    if (sawErrors) return { kind: 'again' }
    if (by !== 'SIGKILL' && by !== 'SIGTERM') return { kind: 'failed', ...at }
    const what = `the process that decodes it was ended (${by}), perhaps for want of memory`
    throw failure('ERR_IO', what, this.#label)
  }

  #refusal(code: string, message: string): Error {
    // Core has checked the arguments; a track that is not there is a file that cannot be read as wanted.
    const known = code === 'TRACK' ? 'ERR_UNSUPPORTED_FORMAT' : (code as AudioDecodeErrorCode)
    return failure(known, message, this.#label)
  }

  /** What a failure means for the next attempt; throws when there is none. */
  #learn({ step, packet }: Failed): void {
    if (step === 'open') {
      throw failure(
        'ERR_UNSUPPORTED_FORMAT',
        'FFmpeg does not open it: it is no audio, damaged at its beginning, or of a kind that is not read here because it names other files',
        this.#label,
      )
    }
    if (step === null && !this.#careful) this.#careful = true
    else if (step === 'read' || (step === 'decode' && this.#skip.has(packet))) this.#stopAt = packet
    else if (step === 'decode' && this.#skip.size < MOST_FATAL) this.#skip.add(packet)
    else
      throw failure(
        'ERR_CORRUPT',
        'too many of its packets end the process that decodes it',
        this.#label,
      )
  }
}

/** An attempt that ended with an error of FFmpeg's, or with the process. */
interface Failed {
  readonly kind: 'failed'
  /** Null when that was not told. */
  readonly step: Step | null
  readonly packet: number
}

/** An attempt that says nothing about the file. */
interface Again {
  readonly kind: 'again'
}
