import { convert, load } from '@audiodecode/core'
import type { AudioData, AudioInput, DecodeReport, Samples } from '@audiodecode/core'

/** Rate that the models hear at, in Hz. */
export const SAMPLE_RATE = 16_000

/** What is transcribed. */
export interface SpeechSamples {
  /** 16 kHz; the mean of all channels, or each by itself. */
  readonly channels: readonly Float32Array[]
  /** Whether nobody else holds them, so that they may be given away. */
  readonly owned: boolean
  /** Null when samples were given. */
  readonly report: DecodeReport | null
}

/** Decodes, mixes (unless `split`) and resamples whatever was given; samples that fit already are taken as they are. */
export async function speechSamples(
  input: AudioInput | AudioData | Samples,
  { signal, split = false }: { signal?: AbortSignal | undefined; split?: boolean },
  onDecoded: (decodedSeconds: number, totalSeconds: number | null) => void,
): Promise<SpeechSamples> {
  const wanted = {
    sampleRate: SAMPLE_RATE,
    mono: !split,
    ...(signal === undefined ? {} : { signal }),
  }
  if (isAudio(input)) {
    const { data, channelData } = await convert(input, wanted)
    const report = 'report' in input ? input.report : null
    const given = 'samples' in input ? input.samples : input.data
    return { channels: channelData, owned: !split && data.buffer !== given.buffer, report }
  }
  const { channelData, report } = await load(input, {
    ...wanted,
    cache: false,
    onProgress: ({ decodedSeconds, totalSeconds }) => onDecoded(decodedSeconds, totalSeconds),
  })
  // A buffer that holds several channels cannot be given away for one of them.
  return { channels: channelData, owned: !split, report }
}

function isAudio(input: AudioInput | AudioData | Samples): input is AudioData | Samples {
  if (typeof input !== 'object' || input === null || !('sampleRate' in input)) return false
  return 'samples' in input || 'channelData' in input
}
