import { existsSync } from 'node:fs'
import { copyFile, mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import type { BenchCase, Measurement } from '../bench-case.js'
import { cacheFolder } from '../cache-folder.js'
import { runPython } from '../engines/python.js'
import { interleave } from '../interleave.js'
import type { Timed } from '../interleave.js'
import { mediaFile } from '../media/media-file.js'
import { check, note, peerLine, timeLine } from '../report-lines.js'
import { runCommand } from '../run-command.js'

const FILES = 1000
/** Recordings that differ; each stands for ten files. */
const RECORDINGS = 100
const COEFFICIENTS = 20
const SUBJECT = `${FILES} × 5 s MP3`
/** The decoders agree, the resamplers roll off in their own ways below the Nyquist frequency, where the highest mel bands are. */
const TOLERANCE_DB = -25

/** T3: a folder of MP3s to MFCC in .npy files, the command from start to exit against a loop in Python without its imports. */
export const featureFiles: BenchCase = {
  id: 't3',
  title: '1,000 × 5 s MP3 to MFCC in .npy files',
  async run({ runs }) {
    const input = await makeFolder()
    // Each run has a folder of its own, and nothing is removed before the end: ext4 looks through files that were removed minutes
    // ago for each one that is made, which takes a third of a millisecond, whoever makes it.
    const output = await mkdtemp(join(await cacheFolder('t3-output'), 'run-'))
    const made = { ours: 0, librosa: 0 }
    const nextFolder = (whose: keyof typeof made): string => folderOf(output, whose, ++made[whose])
    const command = async (threads: number, pin: readonly string[]): Promise<number> => {
      const out = nextFolder('ours')
      const options = ['-o', out, '--mfcc', `${COEFFICIENTS}`, '--threads', `${threads}`, '--quiet']
      const words = [...pin, process.execPath, commandPath(), 'features', input, ...options]
      return (await runCommand(words[0]!, words.slice(1))).wallMs
    }
    const librosa = async (processes: number, pin: readonly string[]): Promise<number> => {
      const out = nextFolder('librosa')
      const program = 'librosa_features.py'
      const args = [input, out, `${COEFFICIENTS}`, `${processes}`]
      return Number((await runPython('peers', program, args, pin)).stdout)
    }
    const pin = await pinning()
    const lines: Measurement[] = [
      note('one thread', pin.length > 0 ? 'both on one core (taskset)' : 'not pinned: no taskset'),
    ]
    const [ours, peer] = await interleave(
      [
        { name: 'AudioDecode, 1 thread', time: async () => command(1, pin) },
        { name: 'librosa, 1 process', time: async () => librosa(1, pin) },
      ],
      runs,
    )
    lines.push(
      await compare(
        input,
        folderOf(output, 'ours', made.ours),
        folderOf(output, 'librosa', made.librosa),
      ),
    )
    const [ours2, peer2] = await interleave(
      [
        { name: 'AudioDecode, 2 threads', time: async () => command(2, []) },
        { name: 'librosa, 2 processes', time: async () => librosa(2, []) },
      ],
      runs,
    )
    for (const timed of [ours, peer, ours2, peer2]) lines.push(timeLine(SUBJECT, timed as Timed))
    lines.push(peerLine(SUBJECT, ours, peer, 5), peerLine(SUBJECT, ours2, peer2, 4.5))
    await rm(output, { recursive: true, force: true })
    return lines
  },
}

function folderOf(output: string, whose: string, run: number): string {
  return join(output, `${whose}-${run}`)
}

function commandPath(): string {
  const manifest = fileURLToPath(import.meta.resolve('@audiodecode/cli/package.json'))
  return join(dirname(manifest), 'dist/bin.js')
}

/** Files in ten folders. */
async function makeFolder(): Promise<string> {
  const folder = await cacheFolder('media')
  const target = join(folder, 't3')
  if (existsSync(target)) return target
  const part = `${target}.part`
  await rm(part, { recursive: true, force: true })
  for (let seed = 0; seed < RECORDINGS; seed++) {
    const file = await mediaFile({ encoding: 'mp3-128k', seconds: 5, seed })
    for (let copy = 0; copy < FILES / RECORDINGS; copy++) {
      await mkdir(join(part, `${copy}`), { recursive: true })
      await copyFile(file, join(part, `${copy}`, `${seed}.mp3`))
    }
  }
  await rename(part, target)
  return target
}

/** Words that bind a command to one core, where there is such a command. */
async function pinning(): Promise<readonly string[]> {
  try {
    await runCommand('taskset', ['-c', '0', 'true'])
    return ['taskset', '-c', '0']
  } catch {
    return []
  }
}

async function compare(input: string, ours: string, peer: string): Promise<Measurement> {
  const { stdout } = await runPython('peers', 'compare_npy.py', [input, ours, peer])
  const { files, shapes, relativeDb } = JSON.parse(stdout) as {
    files: number
    shapes: number
    relativeDb: number
  }
  return check(
    'against the files of librosa',
    `${files} of both, ${shapes} of the same shape, worst ${relativeDb.toFixed(1)} dB`,
    `${FILES} of the same shape, ≤ ${TOLERANCE_DB} dB`,
    files === FILES && shapes === FILES && relativeDb <= TOLERANCE_DB,
  )
}
