import type { Measurement } from '../bench-case.js'
import { closing } from '../closing.js'
import type { Timed } from '../interleave.js'
import { note, ratioLine, unavailable } from '../report-lines.js'
import { median, spread } from '../statistics.js'
import { startFasterWhisper, startOurs } from './transcriber.js'
import type { Heard, Options, Setup, Transcriber } from './transcriber.js'
import { fallbacksOf, textOf, tokensOf } from './transcript.js'
import type { Transcript } from './transcript.js'
import { errorRate, wordErrors } from './word-errors.js'

/** What is transcribed: samples and what is said in them. */
export interface Spoken {
  readonly samples: string
  readonly seconds: number
  readonly text: string
  readonly language: string
}

/** One side of a race: a set-up, and how the speech is dealt out. */
export interface Entry {
  readonly side: 'ours' | 'faster-whisper'
  readonly setup: Setup
  /** A process for each list; the files of a list are transcribed at the same time. */
  readonly processes: readonly (readonly Spoken[])[]
  /** What is told apart from the set-up. */
  readonly layout?: string
}

/** Work that all sides do. */
export interface Race {
  readonly subject: string
  readonly options: Options
  readonly entries: readonly Entry[]
  /** Least ratio of the best peer's time to ours; null only informs. */
  readonly atLeast: number | null
  /** Transcribed once before the clock counts. */
  readonly warmUp: Spoken
  readonly runs: number
}

interface Runner {
  readonly name: string
  readonly side: Entry['side']
  readonly entry: Entry
  readonly transcribers: readonly Transcriber[]
  readonly ms: number[]
  heard: readonly Transcript[]
}

/** Times all sides in turn and shows what each heard beside its time. */
export async function raceTranscribers(race: Race): Promise<readonly Measurement[]> {
  const lines: Measurement[] = []
  const runners: Runner[] = []
  await using _all = closing([
    {
      [Symbol.asyncDispose]: () =>
        closing(runners.flatMap((one) => one.transcribers))[Symbol.asyncDispose](),
    },
  ])
  for (const entry of race.entries) {
    try {
      runners.push(await start(entry, race))
    } catch (error) {
      // Without the places in the code: the first line says what is wrong.
      const [why] = String(error instanceof Error ? error.message : error).split(/\n\s+at /u)
      lines.push(unavailable(`${race.subject}: ${entry.side} ${entry.layout ?? ''}`, why))
    }
  }
  for (let run = 0; run < race.runs; run++) {
    for (const runner of runners) {
      const { ms, transcripts } = await runOnce(runner, race.options)
      runner.ms.push(ms)
      runner.heard = transcripts
    }
  }
  for (const runner of runners) lines.push(await describe(race, runner))
  return [...lines, ...compare(race, runners)]
}

async function start(entry: Entry, race: Race): Promise<Runner> {
  const begin = entry.side === 'ours' ? startOurs : startFasterWhisper
  const transcribers: Transcriber[] = []
  for (const _process of entry.processes) {
    const one = await begin(entry.setup)
    transcribers.push(one)
    await one.transcribe([race.warmUp.samples], race.options)
  }
  const name = `${transcribers[0]?.name}${entry.layout === undefined ? '' : `, ${entry.layout}`}`
  return { name, side: entry.side, entry, transcribers, ms: [], heard: [] }
}

/** All processes at the same time; the last one to be ready counts. */
async function runOnce({ transcribers, entry }: Runner, options: Options): Promise<Heard> {
  const heard = await Promise.all(
    transcribers.map((one, index) =>
      one.transcribe(
        (entry.processes[index] ?? []).map(({ samples }) => samples),
        options,
      ),
    ),
  )
  return {
    ms: Math.max(...heard.map(({ ms }) => ms)),
    transcripts: heard.flatMap(({ transcripts }) => transcripts),
  }
}

async function describe({ subject }: Race, runner: Runner): Promise<Measurement> {
  const spoken = runner.entry.processes.flat()
  const counts = await wordErrors(
    runner.heard.map((transcript, index) => ({
      language: spoken[index]?.language ?? 'en',
      reference: spoken[index]?.text ?? '',
      hypothesis: textOf(transcript),
    })),
  )
  const seconds = spoken.reduce((sum, one) => sum + one.seconds, 0)
  const sum = (of: (transcript: Transcript) => number): number =>
    runner.heard.reduce((total, transcript) => total + of(transcript), 0)
  const { median: middle, min, max } = spread(runner.ms)
  const facts = [
    `${(middle / 1000).toFixed(2)} s (${(min / 1000).toFixed(2)} to ${(max / 1000).toFixed(2)})`,
    `${((1000 * seconds) / middle).toFixed(1)}× real time`,
    `WER ${errorRate(counts).toFixed(2)} %`,
    `${sum((one) => tokensOf(one).length)} tokens`,
    `${sum((one) => one.segments.length)} segments`,
    `${sum(fallbacksOf)} fallbacks`,
    `${sum(({ skippedSeconds }) => skippedSeconds).toFixed(1)} s skipped`,
  ]
  return { ...note(`${subject}: ${runner.name}`, facts.join(', ')), runs: { ms: runner.ms } }
}

function compare(race: Race, runners: readonly Runner[]): readonly Measurement[] {
  const ours = runners.find(({ side }) => side === 'ours')
  const peers = runners.filter(({ side }) => side !== 'ours')
  const best = peers.toSorted((a, b) => median(a.ms) - median(b.ms))[0]
  if (ours === undefined || best === undefined)
    return [unavailable(`${race.subject}: ratio`, 'one of the two did not run')]
  const timed = (runner: Runner): Timed => ({ name: runner.name, ms: runner.ms })
  const lines = [
    ratioLine(race.subject, { ours: timed(ours), peer: timed(best), atLeast: race.atLeast }),
  ]
  const alike = peers.find(({ heard }) => heard.length === ours.heard.length)
  if (alike === undefined) return lines
  const same = (of: (transcript: Transcript) => string): string =>
    ours.heard.every((one, index) => of(one) === of(alike.heard[index]!)) ? 'equal' : 'not equal'
  return [
    ...lines,
    note(
      `${race.subject}: ours and ${alike.name}`,
      `text ${same(textOf)}, tokens ${same((one) => tokensOf(one).join(' '))}`,
    ),
  ]
}
