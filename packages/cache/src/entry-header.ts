import type { AudioData, CacheKey } from '@audiodecode/core'

/** What an entry file says about its samples. */
export interface EntryHeader {
  readonly key: CacheKey
  /** Version of this package, and so of core, that wrote it. */
  readonly version: string
  /** What `status()` of the backend said; null when it says nothing. */
  readonly backendVersion: string | null
  readonly channels: number
  readonly frames: number
  readonly sampleRate: number
  readonly startSeconds: number
  readonly backend: string
  readonly report: AudioData['report']
  /** CRC-32 of each block of sample bytes. */
  readonly checksums: readonly number[]
}

/** A header from JSON, or null when something is missing or of the wrong kind: files are never trusted. */
export function parseHeader(text: string): EntryHeader | null {
  let header: unknown
  try {
    header = JSON.parse(text)
  } catch {
    return null
  }
  return isHeader(header) ? header : null
}

function isHeader(header: unknown): header is EntryHeader {
  return (
    has(header, {
      key: (key) =>
        has(key, {
          source: isText,
          backend: isText,
          options: isText,
          nativeRate: orNull(isRate),
          startFrame: isCount,
          endFrame: orNull(isCount),
        }),
      version: isText,
      backendVersion: orNull(isText),
      channels: (value) => isCount(value) && value > 0,
      frames: isCount,
      sampleRate: isRate,
      startSeconds: (value) => typeof value === 'number',
      backend: isText,
      report: isReport,
      checksums: listOf(isCount),
    }) && isCount((header as EntryHeader).frames * (header as EntryHeader).channels * 4)
  )
}

function isReport(report: unknown): boolean {
  return has(report, {
    expectedFrames: orNull(isCount),
    decodedFrames: isCount,
    damaged: listOf((range) =>
      has(range, {
        startFrame: isCount,
        endFrame: isCount,
        byteOffset: orNull(isCount),
        reason: isText,
      }),
    ),
    truncated: (value) => typeof value === 'boolean',
    gapless: (trim) => has(trim, { source: isText, startFrames: isCount, endFrames: isCount }),
    declined: listOf((one) => has(one, { backend: isText, reason: isText })),
  })
}

type Test = (value: unknown) => boolean

function has(value: unknown, members: Readonly<Record<string, Test>>): boolean {
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(members).every(([name, test]) => test(Reflect.get(value, name)))
}

function orNull(test: Test): Test {
  return (value) => value === null || test(value)
}

function listOf(test: Test): Test {
  return (value) => Array.isArray(value) && value.every(test)
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function isRate(value: unknown): boolean {
  return isCount(value) && value > 0
}
