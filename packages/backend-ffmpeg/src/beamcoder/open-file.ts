import type { BackendHandle, BackendRequest, BackendResult, BackendSource } from '@audiodecode/core'

import { describe, reportOf } from './describe.js'
import { failure } from './failure.js'
import { FileReader } from './file-reader.js'
import type { Message, TrackFacts } from './messages.js'
import type { ProcessPool } from './process-pool.js'
import { SampleCollector } from './sample-collector.js'

/** Opens a file: its first frame is decoded, with `scan` all of them are, to count them. Every read begins at the file's start. */
export async function openFile(
  pool: ProcessPool,
  source: BackendSource,
  request: BackendRequest,
): Promise<BackendHandle> {
  const { path, label } = source
  if (path === null) throw failure('ERR_IO', 'there is no path', label)
  const reader = new FileReader(pool, path, label, request.track)
  const closing = new AbortController()
  const { facts, frames } = await look(reader, request, label)
  return {
    info: describe(facts, frames),
    decode: async (range) => decode(reader, range, label, closing.signal),
    close: async () => closing.abort(failure('ERR_CLOSED', 'the decoder was closed', label)),
  }
}

/** What the track is, and with `scan` its exact length. */
async function look(
  reader: FileReader,
  { scan, signal, limits }: BackendRequest,
  label: string,
): Promise<{ readonly facts: TrackFacts; readonly frames: number | null }> {
  let facts: TrackFacts | undefined
  const kind = scan === true ? 'count' : 'describe'
  const begin = () => (message: Message) => {
    if (message.kind === 'facts') facts = message.facts
  }
  const { frames } = await reader.read({ kind, start: 0, end: null, limits }, begin, signal)
  if (facts === undefined) throw failure('ERR_CORRUPT', 'no audio could be decoded', label)
  if (facts.channels > limits.maxChannels) {
    throw failure(
      'ERR_LIMIT_EXCEEDED',
      `${facts.channels} channels exceed limits.maxChannels (${limits.maxChannels})`,
      label,
    )
  }
  return { facts, frames: kind === 'count' ? frames : null }
}

async function decode(
  reader: FileReader,
  { startFrame, endFrame, limits, out, signal }: BackendRequest,
  label: string,
  closed: AbortSignal,
): Promise<BackendResult> {
  const either = signal === undefined ? closed : AbortSignal.any([signal, closed])
  let samples = new SampleCollector()
  let form = { rate: 0, channels: 0 }
  const end = await reader.read(
    { kind: 'decode', start: startFrame, end: endFrame, limits },
    () => {
      samples = new SampleCollector()
      return (message, piece) => {
        if (message.kind === 'facts') form = message.facts
        else if (message.kind === 'samples') samples.add(piece, message.frames)
      }
    },
    either,
  )
  const data = await samples.join(form.channels, out, either)
  either.throwIfAborted()
  const report = reportOf(end, startFrame, data.length / form.channels)
  return { data, channels: form.channels, sampleRate: form.rate, report }
}
