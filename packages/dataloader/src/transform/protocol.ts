/** What a worker is started with. */
export interface WorkerSetup {
  /** Modules to import first. */
  readonly plugins: readonly string[]
  /** The module whose default export maps a batch. */
  readonly transform: string
}

/** To the worker. */
export interface TransformTask {
  readonly id: number
  readonly batch: unknown
}

/** From the worker. */
export type TransformReply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'unusable'; readonly reason: SentError }
  | { readonly kind: 'done'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failed'; readonly id: number; readonly reason: SentError }

/** An error as it crosses between threads, which keep its message, but neither its class nor its members. */
export interface SentError {
  readonly name: string
  readonly message: string
  readonly stack: string | undefined
}

/** What is told of an error, or of anything else that was thrown. */
export function toSentError(error: unknown): SentError {
  if (error instanceof Error) {
    return { name: error.name, message: error.message, stack: error.stack }
  }
  return { name: 'Error', message: String(error), stack: undefined }
}

/** The error on the other side. */
export function fromSentError({ name, message, stack }: SentError): Error {
  const error = new Error(message)
  error.name = name
  if (stack !== undefined) error.stack = stack
  return error
}
