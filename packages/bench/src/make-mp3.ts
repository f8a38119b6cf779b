import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const RATE = 44_100

/**
 * A stereo 44.1 kHz MP3 at 192 kbit/s of chords and noise bursts; made once by `lame` and kept in the system's folder for
 * temporary files. Rejects when `lame` is not installed.
 */
export async function makeMp3(seconds: number): Promise<string> {
  const folder = join(tmpdir(), 'audiodecode-bench')
  const target = join(folder, `chords-${seconds}s-192k.mp3`)
  if (existsSync(target)) return target
  await mkdir(folder, { recursive: true })
  const raw = join(folder, `chords-${seconds}s.s16`)
  await writeFile(raw, chords(seconds))
  const args = [
    '--quiet',
    '-r',
    '-s',
    '44.1',
    '--bitwidth',
    '16',
    '-m',
    's',
    '-b',
    '192',
    raw,
    `${target}.part`,
  ]
  try {
    await promisify(execFile)('lame', args)
  } catch (error) {
    throw new Error('the bench needs the lame encoder: apt-get install lame', { cause: error })
  }
  await rename(`${target}.part`, target)
  await rm(raw)
  return target
}

function chords(seconds: number): Uint8Array {
  const samples = new Int16Array(seconds * RATE * 2)
  let noise = 1
  for (let frame = 0; frame < seconds * RATE; frame++) {
    const t = frame / RATE
    const root = 110 * 2 ** ((Math.floor(t) % 12) / 12)
    noise = (Math.imul(noise, 1_664_525) + 1_013_904_223) >>> 0
    const burst = t % 1 < 0.1 ? (noise / 2 ** 32 - 0.5) * 0.3 : 0
    for (let channel = 0; channel < 2; channel++) {
      let value = burst
      for (const ratio of [1, 1.26, 1.5, 4, 6.3]) {
        value += 0.12 * Math.sin(2 * Math.PI * root * ratio * (1 + 0.01 * channel) * t)
      }
      samples[frame * 2 + channel] = Math.round(value * 32_767)
    }
  }
  return new Uint8Array(samples.buffer)
}
