import { existsSync } from 'node:fs'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'

import { cacheFolder } from '../cache-folder.js'
import { runCommand } from '../run-command.js'
import { speechCorpus } from './corpus.js'
import type { SpeechFile } from './corpus.js'

/** Samples of several files one behind the other. */
export interface LongSpeech {
  /** Float32, 16 kHz, one channel. */
  readonly samples: string
  readonly seconds: number
  readonly text: string
  readonly language: string
}

/** English of every condition, at least this long. */
const LEAST_SECONDS = 360

/** The speech that the times are taken on: 6 minutes, every voice and condition in turn. */
export async function longSpeech(): Promise<LongSpeech> {
  return joined(await longSpeechFiles())
}

/** The same in two halves, for engines that work on two files at once. */
export async function longSpeechHalves(): Promise<readonly [LongSpeech, LongSpeech]> {
  const files = await longSpeechFiles()
  const half = Math.ceil(files.length / 2)
  return [await joined(files.slice(0, half)), await joined(files.slice(half))]
}

async function longSpeechFiles(): Promise<readonly SpeechFile[]> {
  const chosen: SpeechFile[] = []
  let seconds = 0
  for (const file of await speechCorpus()) {
    if (!file.varied || file.language !== 'en' || seconds >= LEAST_SECONDS) continue
    chosen.push(file)
    seconds += file.seconds
  }
  return chosen
}

async function joined(files: readonly SpeechFile[]): Promise<LongSpeech> {
  const folder = await cacheFolder('speech-joined')
  const seconds = files.reduce((sum, file) => sum + file.seconds, 0)
  const samples = join(
    folder,
    `${files[0]?.name}-to-${files.at(-1)?.name}-${seconds.toFixed(2)}s.f32`,
  )
  if (!existsSync(samples)) {
    await writeFile(
      samples,
      Buffer.concat(await Promise.all(files.map((file) => readFile(file.samples)))),
    )
  }
  return { samples, seconds, text: files.map(({ text }) => text).join(' '), language: 'en' }
}

/** The same as a file: FLAC, 44.1 kHz, stereo. */
export async function longSpeechFlac(): Promise<string> {
  const { samples } = await longSpeech()
  return encoded(samples, 'flac', ['-ar', '44100', '-ac', '2'])
}

/** Samples as a file of this extension, made by FFmpeg at the first call. */
export async function encoded(
  samples: string,
  extension: string,
  args: readonly string[],
): Promise<string> {
  const target = join(
    await cacheFolder('speech-joined'),
    `${basename(samples, '.f32')}.${extension}`,
  )
  if (!existsSync(target)) {
    const part = target.replace(/\.\w+$/u, '.part$&')
    const input = ['-f', 'f32le', '-ar', '16000', '-ac', '1', '-i', samples]
    await runCommand('ffmpeg', ['-v', 'error', '-y', ...input, ...args, part])
    await rename(part, target)
  }
  return target
}
