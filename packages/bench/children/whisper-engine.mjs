// AudioDecode's Whisper as a long-lived engine: a model is loaded once, then told what to transcribe.
import { readFile } from 'node:fs/promises'
import { performance } from 'node:perf_hooks'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

import { WhisperModel } from '@audiodecode/whisper'
import '@audiodecode/backend-rust'

import { serve, timed } from './line-protocol.mjs'

// Not by a flag of the process, which worker threads would inherit.
setFlagsFromString('--expose-gc')
globalThis.gc = runInNewContext('gc')

let model
const signals = new Map()

async function samplesOf(file) {
  if (!signals.has(file)) {
    const { buffer } = new Uint8Array(await readFile(file))
    signals.set(file, { samples: new Float32Array(buffer), sampleRate: 16_000 })
  }
  return signals.get(file)
}

const transcript = ({ language, durationSeconds, speechSeconds, segments }) => ({
  language,
  skippedSeconds: durationSeconds - speechSeconds,
  segments: segments.map(({ start, end, seek, text, tokens, temperature, avgLogprob, words }) => {
    return { start, end, seek, text, tokens, temperature, avgLogprob, words }
  }),
})

const memory = async () => {
  const status = await readFile('/proc/self/status', 'utf8')
  const of = (name) => 1024 * Number(new RegExp(`${name}:\\s*(\\d+) kB`, 'u').exec(status)?.[1])
  return { peakBytes: of('VmHWM'), residentBytes: of('VmRSS') }
}

await serve({
  async load({ model: folder, options }) {
    await model?.close()
    const start = performance.now()
    model = await WhisperModel.load(folder, options)
    return { ms: performance.now() - start, runtime: model.runtime }
  },
  /** `files` are transcribed at the same time. */
  async transcribe({ files, options }) {
    const inputs = await Promise.all(files.map(samplesOf))
    const { ms, value } = await timed(() =>
      Promise.all(inputs.map((input) => model.transcribe(input, options))),
    )
    return { ms, transcripts: value.map(transcript) }
  },
  /** From an encoded file: decoding, mixing and resampling are ours too. */
  async transcribeEncoded({ file, options }) {
    const { ms, value } = await timed(() => model.transcribe(file, options))
    return { ms, transcripts: [transcript(value)] }
  },
  async transcribeMany({ files, options, times }) {
    const inputs = await Promise.all(files.map(samplesOf))
    const seen = []
    for (let run = 0; run < times; run++) {
      await model.transcribe(inputs[run % inputs.length], options)
      if (run % 50 === 49) {
        globalThis.gc?.()
        seen.push((await memory()).residentBytes)
      }
    }
    return { residentBytes: seen }
  },
  memory,
})
await model?.close()
