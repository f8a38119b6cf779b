import type { BenchCase, Measurement } from '../bench-case.js'
import { runPython } from '../engines/python.js'
import { mediaFile } from '../media/media-file.js'
import { check, note } from '../report-lines.js'
import { runChild } from '../run-child.js'
import { median, spread } from '../statistics.js'

const MIB = 2 ** 20
const ALLOWANCE = 24 * MIB

interface Peak {
  readonly peakBytes: number
  readonly outputBytes: number
}

/** D12: peak memory of a fresh process that decodes 600 s of MP3, over one that only imports. */
export const peakMemory: BenchCase = {
  id: 'd12',
  title: 'peak memory, 600 s MP3',
  async run({ runs }) {
    const file = await mediaFile({ encoding: 'mp3-192k', seconds: 600 })
    const lines: Measurement[] = []
    for (const { name, options, peer } of [
      { name: 'native', options: {}, peer: ['soundfile', file, '{}'] },
      {
        name: '22,050 Hz mono',
        options: { sampleRate: 22_050, mono: true },
        peer: ['librosa', file, '{"sr": 22050, "mono": true}'],
      },
    ]) {
      const over: number[] = []
      const theirs: number[] = []
      let outputBytes = 0
      for (let run = -1; run < runs; run++) {
        const base = await peak()
        const loaded = await peak(file, JSON.stringify(options))
        const other = await runPython('peers', 'peer_once.py', peer)
        if (run < 0) continue
        outputBytes = loaded.outputBytes
        over.push(loaded.peakBytes - base.peakBytes)
        theirs.push((JSON.parse(other.stdout) as Peak).peakBytes)
      }
      lines.push(
        {
          ...check(
            `${name}: peak over the imports`,
            `${showMib(over)}, output ${toMib(outputBytes)}`,
            `≤ output + 24 MiB = ${toMib(outputBytes + ALLOWANCE)}`,
            median(over) <= outputBytes + ALLOWANCE,
          ),
          runs: { over },
        },
        note(`${name}: ${peer[0]}, whole process`, showMib(theirs)),
      )
    }
    return lines
  },
}

async function peak(...args: readonly string[]): Promise<Peak> {
  return JSON.parse((await runChild('peak-memory.mjs', args)).stdout) as Peak
}

function toMib(bytes: number): string {
  return `${(bytes / MIB).toFixed(1)} MiB`
}

function showMib(bytes: readonly number[]): string {
  const { median: middle, min, max } = spread(bytes)
  return `${toMib(middle)} (${toMib(min)} to ${toMib(max)})`
}
