import type { BenchCase, Measurement } from '../bench-case.js'
import { startAudioDecode } from '../engines/audiodecode.js'
import { librosa, torchcodec } from '../engines/decoders.js'
import type { TimedDecode } from '../engines/engine.js'
import { interleave } from '../interleave.js'
import { mediaFile } from '../media/media-file.js'
import { fastest, raceDecoders } from '../race-decoders.js'
import { check, note, peerLine, showMs } from '../report-lines.js'
import { median, spread } from '../statistics.js'

const OFFSET = 590
const DURATION = 5
const OPENED_OFFSETS = [590, 10, 450, 0, 300, 150]
const OPENED_BAR_MS = 2
/** A run takes milliseconds: the median needs more of them. */
const RUNS_EACH = 5

/** D11: five seconds far into a long MP3, by `load` and from an opened decoder, on the two threads it takes by itself. */
export const lateRange: BenchCase = {
  id: 'd11',
  title: '5 s at 590 s of a 600 s MP3',
  async run({ runs }) {
    const subject = '5 s at 590 s'
    const media = { encoding: 'mp3-192k', seconds: 600 } as const
    const place = { offset: OFFSET, duration: DURATION }
    const race = await raceDecoders({
      subject,
      media,
      threads: [1, 2],
      options: place,
      peers: [torchcodec(place), librosa({ ...place, sr: null, mono: false })],
      tolerances: {
        torchcodec: { maxAbsolute: 3e-6, extraFrames: 0 },
        librosa: { maxAbsolute: 3e-6, extraFrames: 0 },
      },
      runs: runs * RUNS_EACH,
    })
    const [one, two] = race.ours
    return [
      ...race.lines,
      peerLine(subject, one, fastest(race.peers, 'torchcodec'), null),
      peerLine(subject, two, fastest(race.peers, 'torchcodec'), 4),
      peerLine(subject, two, fastest(race.peers, 'librosa'), null),
      ...(await fromOpened(await mediaFile(media), runs * RUNS_EACH)),
    ]
  },
}

async function fromOpened(file: string, runs: number): Promise<readonly Measurement[]> {
  await using engine = startAudioDecode({ threads: 2 })
  const opening = await engine.call<{ ms: number }>('open', { file })
  const decode = async (offset: number): Promise<number> =>
    (await engine.call<TimedDecode>('decode', { options: { offset, duration: DURATION } })).ms
  const times = await interleave(
    OPENED_OFFSETS.map((offset) => ({ name: `at ${offset} s`, time: () => decode(offset) })),
    runs,
  )
  const { max, min } = spread(times.map(({ ms }) => median(ms)))
  return [
    note('AudioDecoder.open', `${opening.ms.toFixed(1)} ms`),
    ...times.map(({ name, ms }) => note(`5 s ${name}, opened decoder`, showMs(ms))),
    check(
      'opened decoder, slowest of the offsets',
      `${max.toFixed(2)} ms (fastest ${min.toFixed(2)})`,
      `≤ ${OPENED_BAR_MS} ms`,
      max <= OPENED_BAR_MS,
    ),
  ]
}
