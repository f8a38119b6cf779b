import { stat } from 'node:fs/promises'
import { basename, join, relative, resolve, sep } from 'node:path'

import { usageError } from '../cli-error.js'

/** An audio file, and where in a folder of outputs its features belong. */
export interface FoundFile {
  readonly path: string
  /** Folders and name of the output, with slashes, without `.npy`; unique among all that were found. */
  readonly name: string
}

/** Names that are taken for audio in a folder. What is named by itself, or by a pattern, is tried whatever its name. */
const AUDIO =
  'wav wave bwf rf64 w64 aif aiff aifc caf flac mp1 mp2 mp3 m4a m4b mp4 aac ogg oga opus mka mkv webm wma wv ape tta ac3 amr au snd sph voc'

/**
 * Files, all audio files in folders, and what patterns match, in a stable order; the folders below a folder or below the fixed part
 * of a pattern are kept in the names.
 *
 * @throws CliError with `isUsage` when an argument names nothing, or two files would get one name.
 */
export async function findAudioFiles(args: readonly string[]): Promise<readonly FoundFile[]> {
  if (args.length === 0) throw usageError('no FILE or folder given')
  const found = new Map<string, string>()
  for (const arg of args) {
    const files = await expand(arg)
    if (files.length === 0) throw usageError(`${arg} names no audio file`)
    for (const { path, name } of files) {
      // What two arguments name is one file.
      if (!found.has(path)) found.set(path, name)
    }
  }
  return withoutExtensions([...found].map(([path, name]) => ({ path, name })))
}

async function expand(arg: string): Promise<readonly FoundFile[]> {
  if (/^(https?|data):/i.test(arg) || arg === '-') {
    throw usageError(`features reads files and folders, not ${arg}`)
  }
  const kind = await kindOf(arg)
  if (kind === 'file') return [{ path: resolve(arg), name: basename(arg) }]
  if (kind === 'folder') return glob(`**/*.{${AUDIO.replaceAll(' ', ',')}}`, resolve(arg))
  const { isDynamicPattern } = await import('tinyglobby')
  if (!isDynamicPattern(arg)) throw usageError(`there is no file or folder ${arg}`)
  const parts = arg.split(/[/\\]/)
  const fixed = parts.findIndex((part) => isDynamicPattern(part))
  const root = parts.slice(0, fixed).join('/')
  // An absolute pattern has an empty first part.
  const folder = resolve(fixed > 0 && root === '' ? '/' : root)
  return glob(parts.slice(fixed).join('/'), folder)
}

async function glob(pattern: string, folder: string): Promise<readonly FoundFile[]> {
  const { glob: find } = await import('tinyglobby')
  const names = await find(pattern, {
    cwd: folder,
    caseSensitiveMatch: false,
    onlyFiles: true,
    followSymbolicLinks: true,
  })
  return names.sort(byCodeUnits).map((name) => {
    const path = join(folder, name)
    return { path, name: relative(folder, path).split(sep).join('/') }
  })
}

// Not by locale: the order must be the same on every machine.
function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}

async function kindOf(path: string): Promise<'file' | 'folder' | null> {
  try {
    const found = await stat(path)
    return found.isDirectory() ? 'folder' : 'file'
  } catch {
    return null
  }
}

/** Where the extension alone tells two files apart, they keep it. */
function withoutExtensions(files: readonly FoundFile[]): readonly FoundFile[] {
  const stem = (name: string): string => name.replace(/(?<=[^/])\.[^./]*$/, '')
  const count = countOf(files.map(({ name }) => stem(name)))
  const named = files.map(({ path, name }) => ({
    path,
    name: count.get(stem(name)) === 1 ? stem(name) : name,
  }))
  const names = countOf(named.map(({ name }) => name))
  for (const { path, name } of named) {
    if (names.get(name) === 1) continue
    const other = named.find((file) => file.name === name && file.path !== path)
    throw usageError(`${path} and ${other?.path} would both become ${name}.npy; name one folder`)
  }
  return named
}

function countOf(names: readonly string[]): ReadonlyMap<string, number> {
  const count = new Map<string, number>()
  for (const name of names) count.set(name, (count.get(name) ?? 0) + 1)
  return count
}
