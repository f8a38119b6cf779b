// What encoding short audio by itself costs in words and gains in time: clips of one to fifteen seconds and seeded cuts, each
// with `shortAudio: 'fast'` and `'exact'`, in turn.
//
//   node scripts/measure-short-audio.mjs [--model base] [--compute-type int8] [--beam 1] [--clips 60] [--print]
//
// Clips are whole sentences, whose text is known; cuts begin and end anywhere, so that only the two ways can be compared.
import { parseArgs } from 'node:util'

import { WhisperModel } from '@audiodecode/whisper'

import { jfk, RATE, seeded, turns, wordErrors, wordsOf } from './known-speech.mjs'

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: 'base' },
    'compute-type': { type: 'string', default: 'int8' },
    beam: { type: 'string', default: '1' },
    clips: { type: 'string', default: '60' },
    print: { type: 'boolean', default: false },
  },
})
const random = seeded(9)
const clips = []
const whole = await jfk()
for await (const turn of turns(random, 2)) {
  if (clips.length >= Number(values.clips)) break
  if (turn.samples.length < 15 * RATE) clips.push(turn)
  // Every third is cut; of the clip of the repository as often as of this one.
  if (clips.length % 3 !== 0) continue
  const { samples } = clips.length % 2 === 0 ? whole : turn
  const length = Math.min(samples.length, Math.round((1 + 14 * random()) * RATE))
  const from = Math.floor(random() * (samples.length - length))
  clips.push({ samples: samples.slice(from, from + length), text: null })
}
clips.push(whole)

const model = await WhisperModel.load(values.model, { computeType: values['compute-type'] })
const options = { language: 'en', beamSize: Number(values.beam) }
const total = { known: 0, fast: 0, exact: 0, equal: 0, heard: 0, apart: 0 }
const ratios = []
for (const { samples, text } of clips) {
  const results = {}
  const times = {}
  for (const shortAudio of ['exact', 'fast']) {
    const started = performance.now()
    const { text: heard } = await model.transcribe(
      { samples, sampleRate: RATE },
      { ...options, shortAudio },
    )
    times[shortAudio] = performance.now() - started
    results[shortAudio] = heard
  }
  ratios.push(times.exact / times.fast)
  const { exact, fast } = results
  total.heard += wordsOf(exact).length
  total.apart += wordErrors(exact, fast)
  if (wordErrors(exact, fast) === 0) total.equal += 1
  else if (values.print)
    console.log(`${(samples.length / RATE).toFixed(1)} s: ${text}\n  ${exact}\n  ${fast}`)
  if (text === null) continue
  total.known += wordsOf(text).length
  total.exact += wordErrors(text, exact)
  total.fast += wordErrors(text, fast)
}
await model.close()

const percent = (part, whole) => `${((100 * part) / whole).toFixed(1)} %`
const median = ratios.toSorted((a, b) => a - b)[ratios.length >> 1]
console.log(
  [
    `${values.model} ${values['compute-type']} beam ${values.beam}`,
    `${clips.length} clips`,
    `WER exact ${percent(total.exact, total.known)}, fast ${percent(total.fast, total.known)} of ${total.known} words`,
    `equal ${total.equal}`,
    `words apart ${percent(total.apart, total.heard)}`,
    `${median.toFixed(1)}× as quick (median)`,
  ].join(' | '),
)
