import { askBackends } from './ask-backends.js'
import type { AudioData } from './audio-data.js'
import type { AudioInfo } from './audio-info.js'
import type { AudioInput } from './audio-input.js'
import { checkBlockSeconds, checkOpenOptions, withRange } from './check-options.js'
import type { CheckedOptions } from './check-options.js'
import type { DeclinedBackend } from './decode-report.js'
import { decodeSpan } from './decode-span.js'
import { AudioDecodeError } from './errors.js'
import { linkSignals } from './link-signals.js'
import type { LoadOptions } from './load-options.js'
import { probeInput } from './probe-input.js'
import { openSession } from './session.js'
import type { Session } from './session.js'
import { streamSpan } from './stream-span.js'
import type { SpanStreamOptions } from './stream-span.js'

/** A range to read from an opened file. */
export interface DecodeRange {
  /** Seconds to skip; negative counts from the end. Default 0. */
  offset?: number
  /** Seconds to read. Default: to the end. */
  duration?: number
  /** As `out` of `load`. */
  out?: Float32Array
  /** Ends this read. */
  signal?: AbortSignal
}

/** A range to stream from an opened file. */
export type StreamRange = Omit<DecodeRange, 'out'> & {
  /** Seconds in one block. Default 1. */
  blockSeconds?: number
}

/** What `AudioDecoder.open` can be told; it holds for every read. */
export type OpenOptions = Omit<LoadOptions, 'out' | 'offset' | 'duration'>

interface Opened {
  readonly session: Session
  readonly options: CheckedOptions
  readonly declined: readonly DeclinedBackend[]
}

/**
 * A file opened once and read many times: frame index and handle stay. Reads may overlap; `close()` aborts them; later use is
 * ERR_CLOSED. A backend that can only decode whole files keeps the whole in memory until then.
 */
export class AudioDecoder implements AsyncDisposable {
  /** What the file is. */
  readonly info: AudioInfo
  readonly #opened: Opened
  readonly #closing = new AbortController()
  readonly #reads = new Set<Promise<unknown>>()

  private constructor(opened: Opened) {
    this.#opened = opened
    this.info = opened.session.handle.info
  }

  /** Opens a file with the first backend that does not decline. Does not go through a cache. */
  static async open(input: AudioInput, options?: OpenOptions): Promise<AudioDecoder> {
    const checked = checkOpenOptions(options)
    const probed = await probeInput(input, checked)
    return askBackends(probed, checked.backends, async (backend, declined) => {
      const session = await openSession(backend, probed, checked, { keep: true })
      return new AudioDecoder({ session, options: checked, declined })
    })
  }

  /** Decodes a range, with the options given to `open`. */
  async decode(range?: DecodeRange): Promise<AudioData> {
    const { session, options, declined } = this.#opened
    const wanted = withRange(options, range, options.signal)
    this.#throwIfClosed()
    return this.#read(wanted.signal, async (signal) =>
      decodeSpan(session, { ...wanted, signal }, declined),
    )
  }

  /**
   * Blocks whose concatenation equals `decode()` of the same range.
   *
   * @throws TypeError or RangeError for bad options and ERR_CLOSED after `close()`, at once.
   */
  stream(range?: StreamRange): AsyncIterable<AudioData> {
    const { options } = this.#opened
    const wanted = withRange(options, range, options.signal)
    const blockSeconds = checkBlockSeconds(range?.blockSeconds)
    this.#throwIfClosed()
    return this.#stream({ ...wanted, out: undefined, blockSeconds })
  }

  /** Aborts what is being read, waits until it has let go, and closes the file. May be called again. */
  async close(): Promise<void> {
    this.#closing.abort(closedError(this.#opened.session.label))
    await Promise.allSettled(this.#reads)
    await this.#opened.session.close()
  }

  /** The same as `close()`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async *#stream(options: SpanStreamOptions): AsyncGenerator<AudioData, void, undefined> {
    const { session, declined } = this.#opened
    using link = linkSignals([options.signal, this.#closing.signal])
    const { signal } = link
    const blocks = streamSpan(session, { ...options, signal }, declined)
    try {
      for (;;) {
        const next = await this.#read(signal, async () => blocks.next())
        if (next.done === true) return
        yield next.value
      }
    } finally {
      await blocks.return()
    }
  }

  async #read<T>(
    given: AbortSignal | undefined,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    using link = linkSignals([given, this.#closing.signal])
    link.signal.throwIfAborted()
    const reading = work(link.signal)
    this.#reads.add(reading)
    try {
      return await reading
    } finally {
      this.#reads.delete(reading)
    }
  }

  #throwIfClosed(): void {
    this.#closing.signal.throwIfAborted()
  }
}

function closedError(label: string): AudioDecodeError {
  return new AudioDecodeError(
    'ERR_CLOSED',
    `The decoder of ${label} is closed. Open it again with AudioDecoder.open().`,
    { input: label },
  )
}
