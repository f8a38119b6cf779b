/** How a WAV file becomes an input of the bench: the command, and its arguments for an input and an output path. */
export interface Encoding {
  readonly extension: string
  readonly command: string
  readonly args: (input: string, output: string) => readonly string[]
}

const lame = (...options: readonly string[]): Encoding => ({
  extension: 'mp3',
  command: 'lame',
  args: (input, output) => ['--quiet', ...options, input, output],
})

const ffmpeg = (extension: string, ...options: readonly string[]): Encoding => ({
  extension,
  command: 'ffmpeg',
  args: (input, output) => ['-v', 'error', '-y', '-i', input, ...options, output],
})

/** The encodings the cases use; 'wav' is 16-bit PCM. */
export type EncodingName =
  | 'wav'
  | 'mp3-192k'
  | 'mp3-v2'
  | 'mp3-v9'
  | 'mp3-128k'
  | 'mp3-32k'
  | 'mp3-16k'
  | 'flac'
  | 'vorbis'
  | 'opus'
  | 'aac'
  | 'aac-no-pns'
  | 'alac'

/** How each is made. */
export const ENCODINGS: Readonly<Record<Exclude<EncodingName, 'wav'>, Encoding>> = {
  'mp3-192k': lame('-b', '192'),
  'mp3-v2': lame('-V', '2'),
  'mp3-v9': lame('-V', '9'),
  'mp3-128k': lame('-b', '128'),
  'mp3-32k': lame('-b', '32', '--resample', '44.1'),
  'mp3-16k': lame('-b', '16', '--resample', '16'),
  flac: {
    extension: 'flac',
    command: 'flac',
    args: (input, output) => ['-s', '-f', '-5', '-o', output, input],
  },
  vorbis: {
    extension: 'ogg',
    command: 'oggenc',
    args: (input, output) => ['-Q', '-q', '5', '-o', output, input],
  },
  opus: {
    extension: 'opus',
    command: 'opusenc',
    args: (input, output) => ['--quiet', '--bitrate', '96', input, output],
  },
  aac: ffmpeg('m4a', '-c:a', 'aac', '-b:a', '160k'),
  'aac-no-pns': ffmpeg('m4a', '-c:a', 'aac', '-b:a', '160k', '-aac_pns', '0'),
  alac: ffmpeg('m4a', '-c:a', 'alac'),
}
