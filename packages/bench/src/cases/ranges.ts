import type { BenchCase, Measurement } from '../bench-case.js'
import { startAudioDecode } from '../engines/audiodecode.js'
import type { PythonEnvironment } from '../engines/python.js'
import { startPython } from '../engines/python.js'
import { mediaFile } from '../media/media-file.js'
import type { MediaFile } from '../media/media-file.js'
import { rangePlaces } from '../range-places.js'
import { check, note, unavailable } from '../report-lines.js'
import { seededRandom } from '../seeded-random.js'

const SECONDS = 30
/** Ranges of all files together. */
const RANGES = 1000
const PEER_RANGES = 50
const RATES = [8000, 16_000, 22_050, 48_000]

const stereo = { seconds: SECONDS } as const
const FILES: readonly MediaFile[] = [
  { ...stereo, encoding: 'mp3-32k', channels: 1 },
  { ...stereo, encoding: 'mp3-16k', channels: 1, sampleRate: 16_000 },
  { ...stereo, encoding: 'mp3-v9' },
  { ...stereo, encoding: 'mp3-128k' },
  { ...stereo, encoding: 'mp3-v2' },
  { ...stereo, encoding: 'aac' },
  { ...stereo, encoding: 'aac-no-pns' },
  { ...stereo, encoding: 'vorbis' },
  { ...stereo, encoding: 'flac' },
  { ...stereo, encoding: 'alac' },
  { ...stereo, encoding: 'opus' },
]

interface Counted {
  readonly checked: number
  readonly wrong: number
  readonly examples: readonly { offset: number; duration: number; why: string }[]
}

/** D16: a thousand ranges, bit for bit the slice of the whole; as they are, and resampled and mixed. */
export const ranges: BenchCase = {
  id: 'd16',
  title: 'ranges that differ from the slice of the full decode',
  async run() {
    return [
      ...(await countOurs('native', () => ({}))),
      ...(await countOurs('resampled, mono', (random) => ({
        sampleRate: RATES[Math.floor(random() * RATES.length)],
        mono: true,
      }))),
      ...(await countPeer('librosa', 'peers', { encoding: 'mp3-32k', channels: 1 })),
      ...(await countPeer('torchcodec', 'torchcodec', { encoding: 'mp3-32k', channels: 1 })),
      ...(await countPeer('torchcodec', 'torchcodec', { encoding: 'aac' })),
      // Without noise substitution its ranges are right: a control for the way they are asked for.
      ...(await countPeer('torchcodec', 'torchcodec', { encoding: 'aac-no-pns' })),
    ]
  },
}

async function countOurs(
  name: string,
  options: (random: () => number) => object,
): Promise<readonly Measurement[]> {
  await using engine = startAudioDecode({ threads: 2 })
  const random = seededRandom(16)
  const lines: Measurement[] = []
  const total = { checked: 0, wrong: 0 }
  for (const [index, media] of FILES.entries()) {
    const count = Math.floor(((index + 1) * RANGES) / FILES.length) - total.checked
    const found = await engine.call<Counted>('wrongRanges', {
      file: await mediaFile(media),
      options: options(random),
      ranges: rangePlaces(count, SECONDS, index),
    })
    total.checked += found.checked
    total.wrong += found.wrong
    for (const { offset, duration, why } of found.examples.slice(0, 2)) {
      lines.push(note(`${name}, ${media.encoding}`, `${duration} s at ${offset} s: ${why}`))
    }
    if (found.wrong > 0) {
      lines.push(note(`${name}, ${media.encoding}`, `${found.wrong} of ${found.checked} differ`))
    }
  }
  const value = `${total.wrong} of ${total.checked}`
  return [...lines, check(`${name}: ranges that differ`, value, '0', total.wrong === 0)]
}

async function countPeer(
  decoder: string,
  environment: PythonEnvironment,
  media: Pick<MediaFile, 'encoding' | 'channels'>,
): Promise<readonly Measurement[]> {
  const name = `${decoder}, ${media.encoding}: ranges that differ by more than 1e-6`
  try {
    await using engine = await startPython(environment)
    const file = await mediaFile({ ...stereo, ...media })
    // Ranges of a quarter second inside the file, which every peer reads in full.
    const places = rangePlaces(PEER_RANGES, SECONDS - 1, 7)
    const { wrong, checked, largest } = await engine.call<Counted & { largest: number }>(
      'wrongRanges',
      { decoder, file, ranges: places.map(({ offset }) => ({ offset, duration: 0.25 })) },
    )
    return [note(name, `${wrong} of ${checked}, by ${largest.toFixed(3)} at most`)]
  } catch (error) {
    return [unavailable(name, error)]
  }
}
