import type { AudioBackend, BackendSource } from './audio-backend.js'
import { AudioDecodeError } from './errors.js'
import type { ResolvedInput } from './input/resolve-input.js'
import { toBytes } from './input/to-bytes.js'
import { toTemporaryPath } from './input/to-temporary-path.js'
import type { Limits } from './limits.js'

/** An input in the form that a backend takes, until it is disposed of. */
export interface DisposableSource extends BackendSource {
  /** Removes what was made for it. */
  dispose(): Promise<void>
}

const nothingToDo = async (): Promise<void> => {}

/** The input as a path or as bytes, whichever the backend takes; a temporary file is removed by `dispose`. */
export async function toBackendSource(
  resolved: ResolvedInput,
  backend: AudioBackend,
  limits: Limits,
  signal: AbortSignal | undefined,
): Promise<DisposableSource> {
  const { path, bytes, label } = resolved
  const inputs = backend.capabilities?.inputs ?? ['path', 'bytes']
  if (inputs.includes(path === null ? 'bytes' : 'path')) {
    return { path, bytes, label, dispose: nothingToDo }
  }
  if (inputs.includes('bytes')) {
    const all = await toBytes(resolved, { limits, signal })
    return { path: null, bytes: all, label, dispose: nothingToDo }
  }
  if (inputs.includes('path')) {
    const file = await toTemporaryPath(resolved, signal)
    return { path: file.path, bytes: null, label, dispose: async () => file[Symbol.asyncDispose]() }
  }
  throw new AudioDecodeError(
    'ERR_BACKEND_UNAVAILABLE',
    `Backend "${backend.name}" takes neither paths nor bytes.`,
    { backend: backend.name, input: label },
  )
}
