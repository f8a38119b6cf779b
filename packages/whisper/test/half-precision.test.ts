import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { compiledModel } from '../src/compiler/compiled-cache.js'
import type { ComputeType } from '../src/compiler/compute-type.js'
import { SpeechModel } from '../src/engine/speech-model.js'
import { readTokenizer } from '../src/tokenizer/read-tokenizer.js'
import type { Tokenizer } from '../src/tokenizer/tokenizer.js'
import { resolveOptions } from '../src/transcribe/options.js'
import { JobInbox } from '../src/worker/job-inbox.js'
import type { JobMessage, Task, TaskInput } from '../src/worker/protocol.js'
import { runJob } from '../src/worker/run-job.js'
import { jfkSamples } from './support/golden-runs.js'
import { modelFolder } from './support/models.js'

// Half precision is for graphics cards, but its graphs and their decoder, which makes keys and values by itself, run on processors too.
const folder = modelFolder('tiny.en')
const models = new Map<ComputeType, SpeechModel>()
let tokenizer: Tokenizer
let jfk: Float32Array

beforeAll(async () => {
  if (folder === undefined) return
  for (const computeType of ['float32', 'float16'] as const) {
    const files = await compiledModel(folder, { computeType })
    tokenizer = await readTokenizer(folder, files.directory)
    models.set(computeType, await SpeechModel.load(files, 2))
  }
  jfk = await jfkSamples()
}, 120_000)

afterAll(async () => {
  await Promise.all([...models.values()].map((model) => model.release()))
})

async function messagesOf(
  computeType: ComputeType,
  task: Task,
  inputs: readonly TaskInput[],
): Promise<JobMessage[]> {
  const inbox = new JobInbox()
  for (const input of [...inputs, { kind: 'end' } as const]) inbox.put(input)
  const messages: JobMessage[] = []
  await runJob(task, {
    model: models.get(computeType)!,
    tokenizer,
    signal: new AbortController().signal,
    inbox,
    tell: (message) => messages.push(message),
  })
  return messages
}

const OPTIONS = { language: 'en', beamSize: 5, temperature: 0, vad: false } as const

describe.skipIf(folder === undefined)('in half precision', { timeout: 120_000 }, () => {
  test.each(['fast', 'exact'] as const)(
    'the words and their times are those of float32 with shortAudio %s',
    async (shortAudio) => {
      const options = resolveOptions({ ...OPTIONS, shortAudio, wordTimestamps: true })
      const task = { kind: 'transcribe', options, frames: jfk.length } as const
      const heard = async (computeType: ComputeType) =>
        (await messagesOf(computeType, task, [{ kind: 'samples', samples: jfk.slice() }])).flatMap(
          (message) => (message.kind === 'segment' ? [message.segment] : []),
        )
      const [half, whole] = [await heard('float16'), await heard('float32')]
      expect(half.map(({ tokens }) => tokens)).toEqual(whole.map(({ tokens }) => tokens))
      const starts = [half, whole].map((segments) =>
        segments.flatMap(({ words }) => (words ?? []).map(({ start }) => start)),
      )
      expect(starts[0]).toHaveLength(22)
      for (const [index, start] of (starts[0] ?? []).entries()) {
        expect(Math.abs(start - (starts[1]?.[index] ?? NaN))).toBeLessThanOrEqual(0.04)
      }
    },
  )

  test('chunks of several lengths side by side are heard as alone', async () => {
    const options = resolveOptions({ ...OPTIONS, withoutTimestamps: true })
    const ends = [3.3, 11, 7.6, 3.3]
    const inputs = ends.map((end, index): TaskInput => {
      const samples = jfk.slice(0, Math.round(16_000 * end))
      const speech = [{ start: 0, end: samples.length }]
      return { kind: 'chunk', chunk: { index, offset: 0, duration: end, speech, samples } }
    })
    const heard = async (computeType: ComputeType, most: number) => {
      const task = { kind: 'hear', options, language: 'en', most } as const
      const chunks = (await messagesOf(computeType, task, inputs)).flatMap((message) =>
        message.kind === 'heard' ? [message.chunk] : [],
      )
      return chunks
        .toSorted((a, b) => a.index - b.index)
        .map(({ segments }) => segments.flatMap(({ tokens }) => tokens))
    }
    const together = await heard('float16', 3)
    expect(together).toEqual(await heard('float16', 1))
    expect(together).toEqual(await heard('float32', 1))
  })
})
