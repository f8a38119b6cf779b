import type { BenchCase, Measurement } from '../bench-case.js'
import { openedLibrariesBytes } from '../engines/opened-libraries.js'
import { runPython } from '../engines/python.js'
import { mediaFile } from '../media/media-file.js'
import { check, note, unavailable } from '../report-lines.js'
import { runChild } from '../run-child.js'
import { median, spread } from '../statistics.js'

const MIB = 2 ** 20
const ALLOWANCE = 24 * MIB

interface Peak {
  /** Of the process that has imported a backend. */
  readonly importedBytes: number
  /** Behind that, with the library of the backend opened. */
  readonly readyBytes: number
  readonly peakBytes: number
  readonly outputBytes: number
}

/** What is asked for, and the peer that does the same in Python. */
const REQUESTS = [
  { name: 'native', options: {}, peer: ['soundfile', '{}'] },
  {
    name: '22,050 Hz mono',
    options: { sampleRate: 22_050, mono: true },
    peer: ['librosa', '{"sr": 22050, "mono": true}'],
  },
] as const

/** D12: peak memory of a fresh process that decodes 600 s of MP3 by each backend, over one that only imports it. */
export const peakMemory: BenchCase = {
  id: 'd12',
  title: 'peak memory, 600 s MP3',
  async run({ runs }) {
    const file = await mediaFile({ encoding: 'mp3-192k', seconds: 600 })
    const lines: Measurement[] = []
    for (const backend of ['sndfile', 'ffmpeg']) lines.push(await librariesAlone(backend))
    for (const { name, options, peer } of REQUESTS) {
      for (const backend of ['rust', 'sndfile', 'ffmpeg']) {
        lines.push(...(await measureBackend({ backend, name, options, file, runs })))
      }
      const [program, peerOptions] = peer
      const theirs = await repeat(runs, async () => {
        const { stdout } = await runPython('peers', 'peer_once.py', [program, file, peerOptions])
        return (JSON.parse(stdout) as Peak).peakBytes
      })
      lines.push(note(`${name}: ${program}, whole process`, showMib(theirs)))
    }
    return lines
  },
}

interface MemoryCase {
  readonly backend: string
  readonly name: string
  readonly options: object
  readonly file: string
  readonly runs: number
}

async function measureBackend(what: MemoryCase): Promise<readonly Measurement[]> {
  const { backend, name, options, file, runs } = what
  let outputBytes = 0
  let ready = 0
  const over = await repeat(runs, async () => {
    const idle = await peak(backend)
    const loaded = await peak(backend, file, JSON.stringify(options))
    ;({ outputBytes } = loaded)
    ready = idle.readyBytes - idle.importedBytes
    return loaded.peakBytes - idle.importedBytes
  })
  return [
    {
      ...check(
        `${name}: backend-${backend}, peak over the import`,
        `${showMib(over)}, output ${toMib(outputBytes)}`,
        `≤ output + 24 MiB = ${toMib(outputBytes + ALLOWANCE)}`,
        median(over) <= outputBytes + ALLOWANCE,
      ),
      runs: { over },
    },
    note(`${name}: backend-${backend}, peak with nothing but its libraries opened`, toMib(ready)),
  ]
}

/** What opening the libraries of a backend takes in a C program: what the backend does not give back of it counts above. */
async function librariesAlone(backend: string): Promise<Measurement> {
  const name = `libraries of backend-${backend}, opened by a C program`
  try {
    return note(name, toMib(await openedLibrariesBytes(backend)))
  } catch (error) {
    return unavailable(name, error)
  }
}

/** The results of `runs` calls behind one that warms up. */
async function repeat(runs: number, measure: () => Promise<number>): Promise<number[]> {
  const results: number[] = []
  for (let run = -1; run < runs; run++) {
    const result = await measure()
    if (run >= 0) results.push(result)
  }
  return results
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
