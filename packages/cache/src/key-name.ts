import type { CacheKey } from '@audiodecode/core'

/** What a range and its file have in common with all other ranges of it that hold the same samples. */
export function groupName({ source, backend, options }: CacheKey): string {
  return `${source}|${backend}|${options}`
}

/** Native frames of an entry. */
export type Span = Pick<CacheKey, 'startFrame' | 'endFrame'>

/** The same span, the same name. */
export function spanName({ startFrame, endFrame }: Span): string {
  return `${startFrame}-${endFrame ?? 'end'}`
}

/** The span of a name, or null for what is none. */
export function parseSpanName(name: string): Span | null {
  const match = /^(\d{1,16})-(end|\d{1,16})$/.exec(name)
  if (match === null) return null
  const end = match[2] === 'end' ? null : Number(match[2])
  return { startFrame: Number(match[1]), endFrame: end }
}

/** Whether all frames of `inner` lie in `outer`. */
export function covers(outer: Span, inner: Span): boolean {
  if (outer.startFrame > inner.startFrame) return false
  return outer.endFrame === null || (inner.endFrame !== null && inner.endFrame <= outer.endFrame)
}
