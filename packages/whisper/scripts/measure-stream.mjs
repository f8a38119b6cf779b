// How good and how quick live transcription is: speech of known text is streamed as if it were spoken now, and told beside what
// the same model makes of it offline.
//
//   node scripts/measure-stream.mjs [--model base] [--compute-type int8] [--minutes 4] [--scale 1] [--beam 1] [--silence 1500] [--print]
//   … --corpus FOLDER --files en-01,en-04: speech that the bench has made (AUDIODECODE_BENCH/speech…) instead
//
// The speech: fixtures/jfk.flac, then sentences of scripts/live-sentences.txt by the voices of flite and espeak-ng, with pauses of
// 0.2 to 2.5 s; the same each time. The clock is simulated: it goes on with the audio, and by the time that each step takes times
// `--scale` (0: as on an infinitely quick machine). Latency is the moment a word becomes final less the end of the word.
import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'

import { WhisperModel } from '@audiodecode/whisper'

import { jfk, RATE, seeded, turns, wordErrors, wordsOf } from './known-speech.mjs'

const BLOCK = RATE / 50
const STEP_SECONDS = 0.5

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: 'base' },
    'compute-type': { type: 'string', default: 'int8' },
    minutes: { type: 'string', default: '4' },
    scale: { type: 'string', default: '1' },
    beam: { type: 'string', default: '1' },
    silence: { type: 'string' },
    corpus: { type: 'string' },
    files: { type: 'string', default: '' },
    print: { type: 'boolean', default: false },
  },
})
const scale = Number(values.scale)

const { samples, text } =
  values.corpus === undefined
    ? await makeSpeech(60 * Number(values.minutes))
    : await readCorpus(values.corpus, values.files.split(','))
const model = await WhisperModel.load(values.model, { computeType: values['compute-type'] })
const options = { language: 'en', beamSize: Number(values.beam) }
const offline = await model.transcribe({ samples, sampleRate: RATE }, { ...options, vad: false })
const vadParameters =
  values.silence === undefined ? {} : { minSilenceDurationMs: Number(values.silence) }
const live = await streamed(model, samples, { ...options, vadParameters })
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
      // What is too little for a step waits for more.
      const least = until - STEP_SECONDS * RATE
      while (heard <= least && until < samples.length) {
        await new Promise((resolve) => (wake = resolve))
      }
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

/** The clip, then turns with pauses between them. */
async function makeSpeech(seconds) {
  const random = seeded(5)
  const parts = [await jfk()]
  let length = parts[0].samples.length
  for await (const turn of turns(random)) {
    if (length >= seconds * RATE) break
    const pause = new Float32Array(Math.round((0.2 + 2.3 * random()) * RATE))
    parts.push({ samples: pause, text: '' }, turn)
    length += pause.length + turn.samples.length
  }
  return join(parts)
}

/** Files of the bench's corpus, one behind the other. */
async function readCorpus(folder, names) {
  const { files } = JSON.parse(await readFile(`${folder}/corpus.json`, 'utf8'))
  const parts = []
  for (const name of names) {
    const { buffer } = new Uint8Array(await readFile(`${folder}/${name}.f32`))
    const { text } = files.find((file) => file.name === name)
    parts.push({ samples: new Float32Array(buffer), text })
  }
  return join(parts)
}

function join(parts) {
  const samples = new Float32Array(parts.reduce((sum, part) => sum + part.samples.length, 0))
  let filled = 0
  for (const part of parts) {
    samples.set(part.samples, filled)
    filled += part.samples.length
  }
  return { samples, text: parts.map(({ text }) => text).join(' ') }
}

function wer(said, heard) {
  return wordErrors(said, heard) / wordsOf(said).length
}

function percent(share) {
  return `${(100 * share).toFixed(1)} %`
}
