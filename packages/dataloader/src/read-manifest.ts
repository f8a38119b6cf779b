import { readFile } from 'node:fs/promises'
import { dirname, extname, isAbsolute, resolve } from 'node:path'

import { AudioDecodeError } from '@audiodecode/core'
import { parse } from 'csv-parse/sync'

/** How to read a manifest. */
export interface ManifestOptions {
  /** Name of the column or member with the path. Default: `path`, or else NeMo's `audio_filepath`. */
  readonly pathColumn?: string
  /** What relative paths are relative to. Default: the manifest's folder. */
  readonly root?: string
}

/** A line of a manifest: all its columns or members, with the path made absolute. */
export type ManifestItem = {
  /** Absolute path, or URL. */
  readonly path: string
  /** Of a column `durationSeconds`, `duration_seconds` or `duration`, when there is one. */
  readonly durationSeconds?: number
} & Readonly<Record<string, unknown>>

const DURATIONS = ['durationSeconds', 'duration_seconds', 'duration']

/**
 * Reads a list of files: JSONL (an object a line), or CSV with a line of names, TSV when the file is called so. Values of CSV are
 * strings, but for the duration. Which of the two it is shows in the first character.
 *
 * @throws AudioDecodeError ERR_NOT_FOUND, ERR_IO, or ERR_CORRUPT with the line, when there is no path in it, say.
 */
export async function readManifest(
  path: string,
  options: ManifestOptions = {},
): Promise<readonly ManifestItem[]> {
  const { pathColumn, root = dirname(path) } = options
  if (pathColumn !== undefined && typeof pathColumn !== 'string') {
    throw new TypeError('pathColumn must be a string')
  }
  if (typeof root !== 'string') throw new TypeError('root must be a string')
  const text = await readText(path)
  const rows = text.trimStart().startsWith('{') ? parseJsonLines(text, path) : parseCsv(text, path)
  return rows.map(({ line, values }) => toItem(values, { line, manifest: path, pathColumn, root }))
}

interface Row {
  /** Number of its line, from 1. */
  readonly line: number
  readonly values: Readonly<Record<string, unknown>>
}

async function readText(path: string): Promise<string> {
  try {
    // A byte order mark is no part of the text.
    return (await readFile(path, 'utf8')).replace(/^\uFEFF/, '')
  } catch (cause) {
    const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new AudioDecodeError(isMissing ? 'ERR_NOT_FOUND' : 'ERR_IO', `${path}: ${reason}`, {
      input: path,
      cause,
    })
  }
}

function parseJsonLines(text: string, manifest: string): readonly Row[] {
  return text.split('\n').flatMap((content, at) => {
    if (content.trim() === '') return []
    const line = at + 1
    let values: unknown
    try {
      values = JSON.parse(content)
    } catch (cause) {
      throw broken(manifest, line, `is no JSON: ${(cause as Error).message}`, cause)
    }
    if (typeof values !== 'object' || values === null || Array.isArray(values)) {
      throw broken(manifest, line, 'is no JSON object')
    }
    return [{ line, values: values as Record<string, unknown> }]
  })
}

function parseCsv(text: string, manifest: string): readonly Row[] {
  const delimiter = extname(manifest).toLowerCase() === '.tsv' ? '\t' : ','
  try {
    const rows = parse(text, {
      columns: true,
      delimiter,
      info: true,
      relax_column_count_less: true,
      skip_empty_lines: true,
      trim: true,
    }) as unknown as readonly { record: Record<string, string>; info: { lines: number } }[]
    return rows.map(({ record, info }) => ({ line: info.lines, values: record }))
  } catch (cause) {
    const line = cause instanceof Error && 'lines' in cause ? Number(cause.lines) : 1
    throw broken(manifest, line, cause instanceof Error ? cause.message : String(cause), cause)
  }
}

function toItem(
  values: Row['values'],
  at: { line: number; manifest: string; pathColumn: string | undefined; root: string },
): ManifestItem {
  const { line, manifest, pathColumn, root } = at
  const column = pathColumn ?? (values['path'] === undefined ? 'audio_filepath' : 'path')
  const path = values[column]
  if (typeof path !== 'string' || path === '') {
    const columns = Object.keys(values).join(', ')
    throw broken(
      manifest,
      line,
      `has no path in "${pathColumn ?? 'path'}"; it has ${columns}. Say which with pathColumn.`,
    )
  }
  const isUrl = /^(https?|file|data):/i.test(path)
  const absolute = isUrl || isAbsolute(path) ? path : resolve(root, path)
  const seconds = DURATIONS.map((name) => values[name]).find(
    (value) => value !== undefined && value !== null && value !== '',
  )
  if (seconds === undefined) return without({ ...values, path: absolute })
  const durationSeconds = Number(seconds)
  if (typeof seconds === 'boolean' || !(durationSeconds >= 0 && durationSeconds < Infinity)) {
    throw broken(
      manifest,
      line,
      `has a duration of ${JSON.stringify(seconds)}, which is no number of seconds`,
    )
  }
  return { ...values, path: absolute, durationSeconds }
}

/** An empty duration is none. */
function without(values: ManifestItem): ManifestItem {
  const { durationSeconds: _, ...rest } = values
  return rest as ManifestItem
}

function broken(manifest: string, line: number, what: string, cause?: unknown): AudioDecodeError {
  return new AudioDecodeError('ERR_CORRUPT', `${manifest}, line ${line} ${what}`, {
    input: manifest,
    cause,
  })
}
