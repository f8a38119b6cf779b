import type { BenchCase } from '../bench-case.js'
import { runPython } from '../engines/python.js'
import { interleave } from '../interleave.js'
import type { Contender } from '../interleave.js'
import { mediaFile } from '../media/media-file.js'
import { check, showMs, timeLine } from '../report-lines.js'
import { runChild } from '../run-child.js'
import { median, pairedDifferences } from '../statistics.js'

const BAR_MS = 55
/** What an empty program took where the bar was set; on a slower machine the ratio to it counts. */
const BAR_EMPTY_MS = 60
/** Starting a process varies by as much as what is measured. */
const LEAST_RUNS = 15

/** D9: 30 s of MP3 to 22,050 Hz mono in a fresh process, from its start to its exit. */
export const shortFresh: BenchCase = {
  id: 'd9',
  title: '30 s MP3 to 22,050 Hz mono, fresh process',
  async run({ runs }) {
    const file = await mediaFile({ encoding: 'mp3-192k', seconds: 30 })
    const wanted = JSON.stringify({ sampleRate: 22_050, mono: true })
    const node = (name: string, program: string, args: readonly string[]): Contender => ({
      name,
      time: async () => (await runChild(program, args)).wallMs,
    })
    const python = (decoder: string, options: object): Contender => ({
      name: `${decoder}, process`,
      time: async () => {
        const args = [decoder, file, JSON.stringify(options)]
        return (await runPython('peers', 'peer_once.py', args)).wallMs
      },
    })
    const times = await interleave(
      [
        node('empty Node process', 'empty.mjs', []),
        node('AudioDecode, process', 'cold-load.mjs', [file, wanted]),
        python('librosa', { sr: 22_050, mono: true }),
        python('soundfile', {}),
      ],
      Math.max(runs, LEAST_RUNS),
    )
    const [empty = [], ours = []] = times.map(({ ms }) => ms)
    const added = pairedDifferences(ours, empty)
    const share = median(added) / median(empty)
    const limit = BAR_MS / BAR_EMPTY_MS
    return [
      ...times.map((timed) => timeLine('30 s', timed)),
      {
        ...check(
          'import and load over an empty process',
          `${showMs(added)}, ${(100 * share).toFixed(0)} % of it`,
          `≤ ${BAR_MS} ms where an empty program takes ${BAR_EMPTY_MS}: ≤ ${(100 * limit).toFixed(0)} %`,
          median(added) <= BAR_MS || share <= limit,
        ),
        runs: { added },
      },
    ]
  },
}
