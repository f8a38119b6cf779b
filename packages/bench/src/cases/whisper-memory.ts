import type { BenchCase, Measurement } from '../bench-case.js'
import { check, note } from '../report-lines.js'
import { clip } from '../speech/clip.js'
import { longSpeech, longSpeechHalves } from '../speech/long-speech.js'
import { startFasterWhisper, startOurs } from '../speech/transcriber.js'
import type { Setup, Transcriber } from '../speech/transcriber.js'

const MIB = 2 ** 20
const BAR_MIB = 650
const BAR_TWO_WORKERS_MIB = 1.3 * 1024
const TIMES = 500
/** What 400 transcriptions may add behind the first 100. */
const BAR_GROWTH_MIB = 16

interface Memory {
  readonly peakBytes: number
  readonly residentBytes: number
}

/** W8: peak memory of the process, and what 500 transcriptions leave. */
export const whisperMemory: BenchCase = {
  id: 'w8',
  title: 'memory of base int8, greedy',
  async run() {
    const options = { language: 'en', beamSize: 1, vad: false, batchSize: 1, shortAudio: 'exact' }
    const { samples } = await longSpeech()
    const halves = (await longSpeechHalves()).map((half) => half.samples)
    const one: Setup = { computeType: 'int8' }
    const two: Setup = { computeType: 'int8', threads: 1, workers: 2 }
    const ours = await peak(await startOurs(one), [samples], options)
    const theirs = await peak(await startFasterWhisper(one), [samples], options)
    const both = await peak(await startOurs(two), halves, options)
    return [
      check('AudioDecode, peak', mib(ours), `≤ ${BAR_MIB} MiB`, ours <= BAR_MIB * MIB),
      note('faster-whisper, peak', mib(theirs)),
      check(
        'AudioDecode, two workers, peak',
        mib(both),
        `≤ ${BAR_TWO_WORKERS_MIB.toFixed(0)} MiB`,
        both <= BAR_TWO_WORKERS_MIB * MIB,
      ),
      await many(options),
    ]
  },
}

async function peak(
  transcriber: Transcriber,
  files: readonly string[],
  options: object,
): Promise<number> {
  await using one = transcriber
  await one.transcribe(files, { ...options })
  return (await one.engine.call<Memory>('memory', {})).peakBytes
}

async function many(options: object): Promise<Measurement> {
  await using ours = await startOurs({ computeType: 'int8' })
  const files = [(await clip(3)).samples, (await clip(11)).samples]
  const { residentBytes } = await ours.engine.call<{ residentBytes: readonly number[] }>(
    'transcribeMany',
    { files, options, times: TIMES },
  )
  const growth = (residentBytes.at(-1) ?? 0) - (residentBytes[1] ?? 0)
  return {
    ...check(
      `AudioDecode, resident memory after ${TIMES} transcriptions over that after 100`,
      `${mib(growth)} (${residentBytes.map((bytes) => (bytes / MIB).toFixed(0)).join(', ')} MiB, every 50)`,
      `≤ ${BAR_GROWTH_MIB} MiB`,
      growth <= BAR_GROWTH_MIB * MIB,
    ),
    runs: { residentBytes },
  }
}

function mib(bytes: number): string {
  return `${(bytes / MIB).toFixed(0)} MiB`
}
