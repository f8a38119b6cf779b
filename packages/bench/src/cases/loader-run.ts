import { runChild } from '../run-child.js'

/** What an epoch in a process of its own says. */
export interface LoaderRun {
  readonly batches: number
  readonly tookMs: number
  /** Of which the consumer waited. */
  readonly waitedMs: number
  /** Files loaded at the same time, in the end. */
  readonly concurrency: number
  readonly decodedSeconds: number
  /** Of the largest batch. */
  readonly batchBytes: number
  /** Peak of the process that has imported everything. */
  readonly importedBytes: number
  readonly peakBytes: number
}

/** Runs an epoch with a consumer of so many milliseconds a batch; see `children/loader.mjs`. */
export async function runLoader(
  list: string,
  options: object,
  consumer: { readonly kind: 'computes' | 'sleeps'; readonly ms: number },
): Promise<LoaderRun> {
  const args = [list, JSON.stringify(options), consumer.kind, String(consumer.ms)]
  return JSON.parse((await runChild('loader.mjs', args)).stdout) as LoaderRun
}
