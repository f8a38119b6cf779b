import { convert, load } from '@audiodecode/core'
import type { AudioData, AudioInput, DecodeReport, Samples } from '@audiodecode/core'

/** Rate that the models hear at, in Hz. */
export const SAMPLE_RATE = 16_000

/** What is transcribed. */
export interface SpeechSamples {
  /** Mono, 16 kHz. */
  readonly samples: Float32Array
  /** Whether nobody else holds them, so that they may be given away. */
  readonly owned: boolean
  /** Null when samples were given. */
  readonly report: DecodeReport | null
}

/** Decodes, mixes and resamples whatever was given; samples that fit already are taken as they are. */
export async function speechSamples(
  input: AudioInput | AudioData | Samples,
  signal: AbortSignal | undefined,
  onDecoded: (decodedSeconds: number, totalSeconds: number | null) => void,
): Promise<SpeechSamples> {
  const wanted = {
    sampleRate: SAMPLE_RATE,
    mono: true,
    ...(signal === undefined ? {} : { signal }),
  }
  if (isAudio(input)) {
    const { data } = await convert(input, wanted)
    const report = 'report' in input ? input.report : null
    const given = 'samples' in input ? input.samples : input.data
    return { samples: data, owned: data.buffer !== given.buffer, report }
  }
  const { data, report } = await load(input, {
    ...wanted,
    cache: false,
    onProgress: ({ decodedSeconds, totalSeconds }) => onDecoded(decodedSeconds, totalSeconds),
  })
  return { samples: data, owned: true, report }
}

function isAudio(input: AudioInput | AudioData | Samples): input is AudioData | Samples {
  if (typeof input !== 'object' || input === null || !('sampleRate' in input)) return false
  return 'samples' in input || 'channelData' in input
}
