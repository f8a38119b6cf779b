import { modelError } from '../models/model-error.js'

/** An answer of the hub that is not what was asked for. */
export class HubStatusError extends Error {
  /** HTTP status. */
  readonly status: number

  constructor(status: number, url: string) {
    super(`${status} from ${new URL(url).origin}${new URL(url).pathname}`)
    this.status = status
  }
}

/** What is known of a download that failed. */
export interface FailedDownload {
  readonly repository: string
  readonly endpoint: string
  /** Where the model would be found on the disk. */
  readonly folder: string
  readonly hasToken: boolean
}

/** ERR_MODEL for a download that failed, with what to do about it. */
export function downloadError(cause: unknown, failed: FailedDownload): Error {
  const { repository, endpoint, hasToken } = failed
  const status = cause instanceof HubStatusError ? cause.status : undefined
  if (status === 404) {
    return modelError(
      repository,
      `${endpoint} has no such model, or not all files of one`,
      'Check the name: owner and repository, as in the address of its page.',
      { cause },
    )
  }
  if (status === 401 || status === 403) {
    const token = hasToken
      ? 'The token in HF_TOKEN (or of `hf auth login`) gives no access to it'
      : 'If it is private or gated, set HF_TOKEN to a token of the hub'
    return modelError(
      repository,
      `${endpoint} gives no access (${status}), as it does also for names that do not exist`,
      `${token}; terms are accepted on ${endpoint}/${repository}.`,
      { cause },
    )
  }
  const reason = status === undefined ? reasonOf(cause) : `it answered ${status}`
  return modelError(
    repository,
    `the model cannot be downloaded from ${endpoint}: ${reason}`,
    `Try again: what has come is kept. ${withoutDownload(failed)}`,
    { cause },
  )
}

/** ERR_MODEL for a model that is not here and may not be downloaded. */
export function offlineError(failed: FailedDownload, why: string): Error {
  return modelError(
    failed.repository,
    `the model is not on this machine, and ${why}`,
    withoutDownload(failed),
  )
}

function withoutDownload({ repository, folder }: FailedDownload): string {
  return (
    `Without a connection: run \`hf download ${repository}\` on another machine and copy the folder it makes to ${folder}, ` +
    'or give the path of a folder with the files of the model (config.json, tokenizer.json, and model.bin or model.safetensors).'
  )
}

/** The innermost reason: fetch hides it. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? reasonOf(error.cause) : error.message
}
