import type { BenchCase, Measurement } from '../bench-case.js'
import { closing } from '../closing.js'
import { startAudioDecode } from '../engines/audiodecode.js'
import type { Engine, TimedDecode } from '../engines/engine.js'
import { startPython } from '../engines/python.js'
import { interleave } from '../interleave.js'
import { mediaFile } from '../media/media-file.js'
import { check, peerLine, timeLine, unavailable } from '../report-lines.js'

const FILES = 100
const RATE = 22_050
const SUBJECT = '100 files, 2 threads'

interface Batcher {
  readonly name: string
  readonly engine: Engine
  readonly command: Readonly<Record<string, unknown>>
}

/** D10: a hundred MP3s of 30 s to 22,050 Hz mono with two threads. */
export const batch: BenchCase = {
  id: 'd10',
  title: '100 × 30 s MP3 to 22,050 Hz mono, two threads',
  async run({ runs }) {
    const files: string[] = []
    for (let seed = 0; seed < FILES; seed++) {
      files.push(await mediaFile({ encoding: 'mp3-192k', seconds: 30, seed }))
    }
    const lines: Measurement[] = []
    const batchers: Batcher[] = [
      {
        name: 'AudioDecode',
        engine: startAudioDecode({ threads: 2 }),
        command: { options: { sampleRate: RATE, mono: true, concurrency: 2 } },
      },
    ]
    const peers = [
      { name: 'librosa', environment: 'peers', options: { sr: RATE, mono: true } },
      {
        name: 'torchcodec',
        environment: 'torchcodec',
        options: { sample_rate: RATE, channels: 1 },
      },
    ] as const
    for (const { name, environment, options } of peers) {
      try {
        const engine = await startPython(environment)
        batchers.push({ name, engine, command: { decoder: name, threads: 2, options } })
      } catch (error) {
        lines.push(unavailable(`${SUBJECT}: ${name}`, error))
      }
    }
    await using _all = closing(batchers.map(({ engine }) => engine))
    const frames = new Map<string, number>()
    const times = await interleave(
      batchers.map(({ name, engine, command }) => ({
        name,
        time: async () => {
          const done = await engine.call<TimedDecode>('batch', { ...command, files })
          frames.set(name, done.frames)
          return done.ms
        },
      })),
      runs,
    )
    for (const { name } of times.slice(1)) lines.push(frameLine(name, frames))
    lines.push(...times.map((timed) => timeLine(SUBJECT, timed)))
    for (const { name, atLeast } of [
      { name: 'librosa', atLeast: 2.2 },
      { name: 'torchcodec', atLeast: null },
    ]) {
      const peer = times.find((timed) => timed.name === name)
      lines.push(peerLine(SUBJECT, times[0], peer, atLeast))
    }
    return lines
  },
}

function frameLine(name: string, frames: ReadonlyMap<string, number>): Measurement {
  const ours = frames.get('AudioDecode') ?? Number.NaN
  const theirs = frames.get(name) ?? Number.NaN
  const met = Math.abs(ours - theirs) <= FILES
  return check(`frames of ${name}`, `${theirs} (ours ${ours})`, `± ${FILES}`, met)
}
