// How good and how quick live transcription is: speech of known text is streamed as if it were spoken now, and told beside what
// the same model makes of it offline.
//
//   node scripts/measure-stream.mjs [--model base] [--compute-type int8] [--minutes 4] [--scale 1] [--beam 1] [--print]
//
// The speech: fixtures/jfk.flac, then sentences of scripts/live-sentences.txt by the voices of flite and espeak-ng, with pauses of
// 0.2 to 2.5 s; the same each time. The clock is simulated: it goes on with the audio, and by the time that each step takes times
// `--scale` (0: as on an infinitely quick machine). Latency is the moment a word becomes final less the end of the word.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

import '@audiodecode/backend-rust'
import { load } from '@audiodecode/core'
import { WhisperModel } from '@audiodecode/whisper'

const RATE = 16_000
const BLOCK = RATE / 50
const STEP_SECONDS = 0.5
const JFK =
  'And so my fellow Americans ask not what your country can do for you ask what you can do for your country.'
const VOICES = [
  ['flite', 'slt'],
  ['espeak-ng', 'en-us'],
  ['flite', 'rms'],
  ['espeak-ng', 'en-gb'],
  ['flite', 'awb'],
]

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: 'base' },
    'compute-type': { type: 'string', default: 'int8' },
    minutes: { type: 'string', default: '4' },
    scale: { type: 'string', default: '1' },
    beam: { type: 'string', default: '1' },
    print: { type: 'boolean', default: false },
  },
})
const scale = Number(values.scale)
const path = (name) => fileURLToPath(new URL(name, import.meta.url))

const { samples, text } = await makeSpeech(60 * Number(values.minutes))
const model = await WhisperModel.load(values.model, { computeType: values['compute-type'] })
const options = { language: 'en', beamSize: Number(values.beam) }
const offline = await model.transcribe({ samples, sampleRate: RATE }, { ...options, vad: false })
const live = await streamed(model, samples, options)
await model.close()

if (values.print) console.log(`said: ${text}\n\noffline: ${offline.text}\n\nlive: ${live.text}\n`)
const latencies = live.latencies.toSorted((a, b) => a - b)
const at = (share) => latencies[Math.floor(share * (latencies.length - 1))].toFixed(2)
console.log(`${values.model} ${values['compute-type']}, ${(samples.length / RATE).toFixed(0)} s`)
console.log(
  `WER offline ${percent(wer(text, offline.text))}, live ${percent(wer(text, live.text))}`,
)
console.log(`latency of a final word: median ${at(0.5)} s, 95 % ${at(0.95)} s`)
console.log(`steps ${live.steps}, ${(live.work / live.steps).toFixed(0)} ms each`)

/** Streams in the simulated clock. */
async function streamed(model, samples, options) {
  let heard = 0
  let delivered = 0
  let clock = 0
  let taken = performance.now()
  let steps = 0
  let work = 0
  let wake = () => {}
  const onProgress = ({ seconds }) => {
    const took = performance.now() - taken
    work += took
    steps += 1
    heard = Math.round(seconds * RATE)
    clock += (took / 1000) * scale
    wake()
  }
  async function* source() {
    while (delivered < samples.length) {
      // The next step begins when there is enough for it, and the one before has ended.
      const next = Math.max(delivered / RATE + STEP_SECONDS, clock)
      const until = Math.min(Math.ceil((next * RATE) / BLOCK) * BLOCK, samples.length)
      for (; delivered < until; delivered += BLOCK) {
        yield samples.subarray(delivered, delivered + BLOCK)
      }
      clock = Math.max(clock, until / RATE)
      taken = performance.now()
      while (heard < until && until < samples.length)
        await new Promise((resolve) => (wake = resolve))
    }
  }
  const final = []
  const latencies = []
  for await (const { final: isFinal, words } of model.stream(source(), {
    ...options,
    onProgress,
  })) {
    if (!isFinal) continue
    const now = clock + ((performance.now() - taken) / 1000) * scale
    for (const word of words) latencies.push(now - word.end)
    if (words.some(({ start }) => start < (final.at(-1)?.end ?? 0))) throw new Error('not in order')
    final.push(...words)
  }
  return { text: final.map(({ word }) => word).join(''), latencies, steps, work }
}

async function makeSpeech(seconds) {
  const folder = mkdtempSync(join(tmpdir(), 'audiodecode-speech-'))
  const random = seeded(5)
  const sentences = readFileSync(path('live-sentences.txt'), 'utf8').trim().split('\n')
  const parts = [
    (await load(path('../../../fixtures/jfk.flac'), { sampleRate: RATE, mono: true })).data,
  ]
  const said = [JFK]
  let length = parts[0].length
  try {
    for (let turn = 0; length < seconds * RATE; turn++) {
      const [program, voice] = VOICES[turn % VOICES.length]
      const count = 1 + Math.floor(3 * random())
      const words = Array.from(
        { length: count },
        () => sentences[Math.floor(random() * sentences.length)],
      ).join(' ')
      const file = join(folder, 'turn.wav')
      const how =
        program === 'flite'
          ? ['-voice', voice, '-t', words, '-o', file]
          : ['-v', voice, '-s', '150', '-w', file, words]
      execFileSync(program, how, { stdio: 'ignore' })
      const pause = new Float32Array(Math.round((0.2 + 2.3 * random()) * RATE))
      const { data } = await load(file, { sampleRate: RATE, mono: true, cache: false })
      parts.push(pause, data)
      said.push(words)
      length += pause.length + data.length
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
  const samples = new Float32Array(length)
  let filled = 0
  for (const part of parts) {
    samples.set(part, filled)
    filled += part.length
  }
  return { samples, text: said.join(' ') }
}

/** Word errors over words. */
function wer(said, heard) {
  const [a, b] = [said, heard].map((text) =>
    text
      .toLowerCase()
      .replaceAll('-', ' ')
      .replaceAll(/[^\p{L}\p{N}' ]+/gu, '')
      .split(' ')
      .filter((word) => word !== ''),
  )
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (const [index, word] of a.entries()) {
    const next = [index + 1]
    for (let at = 1; at <= b.length; at++) {
      next.push(Math.min(row[at] + 1, next[at - 1] + 1, row[at - 1] + (word === b[at - 1] ? 0 : 1)))
    }
    row = next
  }
  return row[b.length] / a.length
}

function percent(share) {
  return `${(100 * share).toFixed(1)} %`
}

function seeded(seed) {
  let state = seed
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}
