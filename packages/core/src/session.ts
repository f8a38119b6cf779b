import type { AudioBackend, BackendHandle, BackendResult, Probe } from './audio-backend.js'
import type { AudioInfo } from './audio-info.js'
import { createRequest, everything } from './backend-request.js'
import type { Delegated } from './backend-request.js'
import { toBackendSource } from './backend-source.js'
import type { DisposableSource } from './backend-source.js'
import { callBackend, heedsSignal } from './call-backend.js'
import type { CheckedOptions } from './check-options.js'
import { checkInfo, checkLength, checkResult, nothingDecodable } from './check-result.js'
import { exactInfo } from './exact-info.js'
import type { ResolvedInput } from './input/resolve-input.js'

/** An input with what its first bytes say: what every backend is asked about. */
export interface ProbedInput {
  readonly resolved: ResolvedInput
  readonly probe: Probe
}

/** A file opened with one backend, whatever that backend can do by itself. */
export interface Session {
  readonly backend: AudioBackend
  readonly label: string
  /** Size of the input in bytes. */
  readonly size: number
  readonly handle: BackendHandle
  readonly options: CheckedOptions
  /** What `handle` does by itself. */
  readonly can: { readonly range: boolean; readonly resample: boolean; readonly mono: boolean }
  /** Whether `handle` gives out the same samples again and again, so that they must be copied. */
  readonly retained: boolean
  /** Info whose `frames` are exact, counted at the first call when need be. */
  exactInfo(signal: AbortSignal | undefined): Promise<AudioInfo>
  /** Lets the file go; never rejects. */
  close(): Promise<void>
}

/** How a session will be used. */
export interface SessionUse {
  /** Many reads: what has to be decoded whole is kept. */
  readonly keep?: boolean
  /** Ask for exact frames while opening. */
  readonly scan?: boolean
}

/** Opens an input with one backend. Rejects with what the backend says, as an AudioDecodeError, or with `signal.reason`. */
export async function openSession(
  backend: AudioBackend,
  { resolved, probe }: ProbedInput,
  options: CheckedOptions,
  use: SessionUse = {},
): Promise<Session> {
  const { limits, signal } = options
  const source = await toBackendSource(resolved, backend, limits, signal)
  try {
    const opened = await openHandle({ backend, source, probe, options, use, size: resolved.size })
    try {
      checkInfo(opened.handle.info, limits, backend.name, resolved.label)
    } catch (error) {
      await closeQuietly(opened.handle)
      throw error
    }
    return createSession(opened, { backend, source, options, size: resolved.size })
  } catch (error) {
    // A backend that was left behind may still read the file; the folder of temporary files outlives this process at worst.
    if (heedsSignal(backend) || signal?.aborted !== true) await source.dispose()
    else setTimeout(() => void source.dispose().catch(() => {}), LEFT_BEHIND_MS).unref()
    throw error
  }
}

const LEFT_BEHIND_MS = 60_000

interface OpenContext {
  readonly backend: AudioBackend
  readonly source: DisposableSource
  readonly probe: Probe
  readonly options: CheckedOptions
  readonly use: SessionUse
  readonly size: number
}

type Opened = Pick<Session, 'handle' | 'can' | 'retained'>

async function openHandle(context: OpenContext): Promise<Opened> {
  const { backend, source, options, use, size } = context
  const { signal } = options
  const { label } = source
  const can = {
    range: backend.capabilities?.range === true,
    resample: backend.capabilities?.resample === true,
    mono: backend.capabilities?.mono === true,
  }
  const ask = createRequest(options, { ...everything, scan: use.scan === true }, size, signal)
  const { open, info } = backend
  if (open !== undefined) {
    const work = async (): Promise<BackendHandle> => open.call(backend, source, ask)
    const late = (handle: BackendHandle): void => void closeQuietly(handle)
    const handle = await callBackend(backend, label, signal, work, late)
    return { handle, can, retained: false }
  }
  const known =
    info === undefined
      ? null
      : await callBackend(backend, label, signal, async () => info.call(backend, source, ask))
  if (known !== null && (can.range || use.keep !== true)) {
    const handle = {
      info: known,
      decode: async (request: Parameters<BackendHandle['decode']>[0]) =>
        backend.decode(source, request),
      close: async () => {},
    }
    return { handle, can, retained: false }
  }
  return decodeAtOnce(context, known, can)
}

/** For a backend that only decodes: all of it now, to be sliced, mixed and resampled from memory. */
async function decodeAtOnce(
  { backend, source, probe, options, use, size }: OpenContext,
  known: AudioInfo | null,
  can: Session['can'],
): Promise<Opened> {
  const { signal, limits, offset, duration, mono, sampleRate } = options
  if (known !== null && known.frames !== null && known.framesExact) {
    checkLength(known.frames, known.channels, known.sampleRate, limits, source.label, backend.name)
  }
  // What is kept for many reads stays as it is in the file, so that `info` tells the truth.
  const mixes = mono && can.mono && use.keep !== true
  // Without a native rate seconds cannot be turned into frames, so that a range rules out resampling over there.
  const whole = offset === 0 && duration === undefined && use.keep !== true
  const resamples = whole && can.resample && (!mono || mixes)
  const delegated: Delegated = {
    ...everything,
    mono: mixes,
    sampleRate: resamples ? sampleRate : undefined,
  }
  const request = createRequest(options, delegated, size, signal)
  const work = async (): Promise<BackendResult> => backend.decode(source, request)
  const result = await callBackend(backend, source.label, signal, work)
  checkResult(result, known, limits, backend.name, source.label)
  if (result.data.length === 0) throw nothingDecodable(backend.name, source.label)
  return {
    handle: {
      info: describe(result, probe, known, backend.name),
      decode: async () => result,
      close: async () => {},
    },
    can: { range: false, resample: false, mono: false },
    retained: use.keep === true,
  }
}

function describe(
  { data, channels, sampleRate }: BackendResult,
  probe: Probe,
  known: AudioInfo | null,
  backend: string,
): AudioInfo {
  const frames = data.length / channels
  const unknown = {
    container: probe.container ?? probe.extension ?? 'unknown',
    codec: probe.codec ?? probe.container ?? probe.extension ?? 'unknown',
    channelLayout: null,
    bitDepth: null,
    bitRate: null,
    tracks: 1,
    tags: {},
    backend,
  }
  const durationSeconds = frames / sampleRate
  return {
    ...(known ?? unknown),
    sampleRate,
    channels,
    frames,
    framesExact: true,
    durationSeconds,
  }
}

function createSession(
  opened: Opened,
  { backend, source, options, size }: Pick<OpenContext, 'backend' | 'source' | 'options' | 'size'>,
): Session {
  let exact: AudioInfo | undefined
  let closed: Promise<void> | undefined
  const session: Session = {
    ...opened,
    backend,
    options,
    size,
    label: source.label,
    async exactInfo(signal) {
      const { info } = opened.handle
      if (info.framesExact && info.frames !== null) return info
      exact ??= await exactInfo(session, source, signal)
      return exact
    },
    async close() {
      closed ??= closeQuietly(opened.handle).then(async () => source.dispose().catch(() => {}))
      return closed
    },
  }
  return session
}

// What is to be closed has delivered already or failed with a better reason.
async function closeQuietly(handle: BackendHandle): Promise<void> {
  try {
    await handle.close()
  } catch {}
}
