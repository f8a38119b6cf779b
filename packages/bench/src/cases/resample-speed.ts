import { fileURLToPath } from 'node:url'

import type { Measurement } from '../bench-case.js'
import { closing } from '../closing.js'
import { startAudioDecode } from '../engines/audiodecode.js'
import type { TimedDecode } from '../engines/engine.js'
import { startPython } from '../engines/python.js'
import { interleave } from '../interleave.js'
import type { Contender } from '../interleave.js'
import { mediaFile } from '../media/media-file.js'
import { peerLine, timeLine, unavailable } from '../report-lines.js'
import { runCommand } from '../run-command.js'
import { pairedDifferences } from '../statistics.js'

const RATE = 16_000
const SUBJECT = '600 s stereo 44.1 to 16 kHz'
const MANIFEST = fileURLToPath(new URL('../../../Cargo.toml', import.meta.url))

/**
 * The speed of D15. The resampler only runs inside `load`, so its share is a load that resamples less one that does not; the
 * latter writes more memory, which flatters ours. The crate's own time, into new memory as soxr's, is the strict number.
 */
export async function resampleSpeed(runs: number): Promise<readonly Measurement[]> {
  const file = await mediaFile({ encoding: 'wav', seconds: 600 })
  const engine = startAudioDecode({ threads: 1 })
  await using _engine = closing([engine])
  const load = async (options: object): Promise<number> =>
    (await engine.call<TimedDecode>('load', { file, options })).ms
  const contenders: Contender[] = [
    { name: 'load, resampled', time: () => load({ sampleRate: RATE }) },
    { name: 'load, native', time: () => load({}) },
  ]
  const lines: Measurement[] = []
  const touched: number[] = []
  try {
    await runCrate(1)
    contenders.push({
      name: 'crate, new memory',
      async time() {
        const measured = await runCrate(1)
        touched.push(...measured.touchedMs)
        return measured.freshMs[0] ?? Number.NaN
      },
    })
  } catch (error) {
    lines.push(unavailable(`${SUBJECT}: crate`, error))
  }
  const python = await startPython('peers')
  await using _python = closing([python])
  contenders.push({
    name: 'soxr HQ',
    time: async () => (await python.call<TimedDecode>('soxr', { file, rate: RATE })).ms,
  })
  const times = await interleave(contenders, runs)
  const named = (name: string): (typeof times)[number] | undefined =>
    times.find((timed) => timed.name === name)
  const difference = {
    name: 'load, resampled less native',
    ms: pairedDifferences(named('load, resampled')?.ms ?? [], named('load, native')?.ms ?? []),
  }
  lines.push(...[...times, difference].map((timed) => timeLine(SUBJECT, timed)))
  if (touched.length > 0) {
    lines.push(timeLine(SUBJECT, { name: 'crate, memory written before', ms: touched.slice(1) }))
  }
  const soxr = named('soxr HQ')
  lines.push(
    peerLine(SUBJECT, difference, soxr, null),
    peerLine(SUBJECT, named('crate, new memory'), soxr, 1),
  )
  return lines
}

/** Runs the crate's example, which is built with the profile of published addons. */
async function runCrate(runs: number): Promise<{ freshMs: number[]; touchedMs: number[] }> {
  const build = ['run', '--release', '--quiet', '--manifest-path', MANIFEST]
  const example = ['-p', 'audiodecode-dsp', '--example', 'resample_time', '--', String(runs)]
  const { stdout } = await runCommand('cargo', [...build, ...example])
  return JSON.parse(stdout) as { freshMs: number[]; touchedMs: number[] }
}
