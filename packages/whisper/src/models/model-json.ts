import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { DOWNLOAD_AGAIN, modelError } from './model-error.js'

/** A JSON object in a model folder, whose fields are checked as they are read. */
export interface ModelJson {
  /** Path of the file. */
  readonly path: string
  /** Any field. */
  get(name: string): unknown
  /** A whole number of at least 0; undefined when the field is missing or null. */
  number(name: string): number | undefined
  /** A list of token ids below `limit`; undefined when the field is missing or null. */
  ids(name: string, limit: number): readonly number[] | undefined
  /** A list of pairs of numbers of at least 0; undefined when the field is missing or null. */
  pairs(name: string): readonly (readonly [number, number])[] | undefined
}

const isCount = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 0

/** Reads a JSON file of the folder; undefined when it is not there, ERR_MODEL when it cannot be understood. */
export async function readModelJson(folder: string, name: string): Promise<ModelJson | undefined> {
  const path = join(folder, name)
  let value: unknown
  try {
    value = JSON.parse(await readFile(path, 'utf8'))
  } catch (cause) {
    if (isMissing(cause)) return undefined
    throw modelError(path, 'the file is not JSON that can be read', DOWNLOAD_AGAIN, { cause })
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw modelError(path, 'the file does not hold a JSON object', DOWNLOAD_AGAIN)
  }
  return fieldsOf(path, new Map(Object.entries(value)))
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}

function fieldsOf(path: string, fields: ReadonlyMap<string, unknown>): ModelJson {
  const wrong = (name: string, expected: string): Error =>
    modelError(path, `"${name}" is not ${expected}`, DOWNLOAD_AGAIN)
  return {
    path,
    get: (name) => fields.get(name),
    number(name) {
      const value = fields.get(name) ?? undefined
      if (value === undefined || isCount(value)) return value
      throw wrong(name, 'a whole number')
    },
    ids(name, limit) {
      const value = fields.get(name) ?? undefined
      if (value === undefined) return undefined
      const isId = (id: unknown): id is number => isCount(id) && id < limit
      if (Array.isArray(value) && value.every(isId)) return value
      throw wrong(name, `a list of token ids below ${limit}`)
    },
    pairs(name) {
      const value = fields.get(name) ?? undefined
      if (value === undefined) return undefined
      const isPair = (pair: unknown): pair is [number, number] =>
        Array.isArray(pair) && pair.length === 2 && pair.every(isCount)
      if (Array.isArray(value) && value.every(isPair)) return value
      throw wrong(name, 'a list of pairs of numbers')
    },
  }
}
