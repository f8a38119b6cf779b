import type { Segment, Word } from '@audiodecode/core'

import { roundTo } from '../python/round-half-even.js'
import type { SampleSpan } from './collect-chunks.js'

/** From times of the speech put together to times of the audio. */
export interface SpeechTimeMap {
  /** The stretch of speech that a time lies in; an end on a border belongs to the stretch before it. */
  chunkIndex(time: number, isEnd?: boolean): number
  /** Time of the audio, to a hundredth of a second. */
  originalTime(time: number, chunk?: number, isEnd?: boolean): number
}

/** Makes the map for the stretches that were put together (faster-whisper's `SpeechTimestampsMap`). */
export function createTimeMap(speech: readonly SampleSpan[], sampleRate = 16_000): SpeechTimeMap {
  const ends: number[] = []
  const silenceBefore: number[] = []
  let previousEnd = 0
  let silent = 0
  for (const { start, end } of speech) {
    silent += start - previousEnd
    previousEnd = end
    ends.push(end - silent)
    silenceBefore.push(silent / sampleRate)
  }
  const chunkIndex = (time: number, isEnd = false): number => {
    const sample = Math.trunc(time * sampleRate)
    const exact = isEnd ? ends.indexOf(sample) : -1
    if (exact !== -1) return exact
    const after = ends.findIndex((end) => end > sample)
    return after === -1 ? ends.length - 1 : after
  }
  return {
    chunkIndex,
    originalTime: (time, chunk, isEnd = false) =>
      roundTo((silenceBefore[chunk ?? chunkIndex(time, isEnd)] ?? 0) + time, 2),
  }
}

/** A segment with the times of the audio; a word lies in one stretch, that of its middle. */
export function restoreTimes(segment: Segment, map: SpeechTimeMap): Segment {
  const words = segment.words?.map((word) => restoreWord(word, map))
  const [first] = words ?? []
  const last = words?.at(-1)
  if (words !== undefined && first !== undefined && last !== undefined) {
    return { ...segment, start: first.start, end: last.end, words }
  }
  const end = map.originalTime(segment.end, undefined, true)
  return { ...segment, start: map.originalTime(segment.start), end }
}

function restoreWord(word: Word, map: SpeechTimeMap): Word {
  const chunk = map.chunkIndex((word.start + word.end) / 2)
  return {
    ...word,
    start: map.originalTime(word.start, chunk),
    end: map.originalTime(word.end, chunk),
  }
}
