import { describe, expect, test } from 'vitest'

import type { HeardWord } from './heard-word.js'
import { LiveTranscript } from './live-transcript.js'

/** Words of half a second each, from `start` on; '|' is the end of a segment. */
function words(text: string, start = 0): HeardWord[] {
  const heard: HeardWord[] = []
  for (const [index, part] of text.split(' ').entries()) {
    const from = start + index * 0.5
    const stamps = part.endsWith('|') ? [from + 0.5, from + 0.5] : []
    const word = ` ${part.replace('|', '')}`
    const tokens = [...word].map((letter) => letter.codePointAt(0) ?? 0)
    heard.push({ word, start: from, end: from + 0.5, probability: 1, tokens, stamps })
  }
  return heard
}
const texts = (heard: readonly HeardWord[]): string => heard.map(({ word }) => word).join('')

describe('words are decided', () => {
  test('when two hypotheses in a row begin with them', () => {
    const live = new LiveTranscript()
    const first = live.hear(words('and so my'), { start: 0, end: 1.5, isLast: false })
    expect([texts(first.final), texts(first.partial)]).toEqual(['', ' and so my'])
    const second = live.hear(words('and so my fellow'), { start: 0, end: 2, isLast: false })
    expect([texts(second.final), texts(second.partial)]).toEqual([' and so my', ' fellow'])
    const third = live.hear(words('and so my yellow men'), { start: 0, end: 2.5, isLast: false })
    expect([texts(third.final), texts(third.partial)]).toEqual(['', ' yellow men'])
    const fourth = live.hear(words('and so my yellow hen'), { start: 0, end: 3, isLast: false })
    expect([texts(fourth.final), texts(fourth.partial)]).toEqual([' yellow', ' hen'])
  })

  test('but not the last one while the audio ends with it', () => {
    const live = new LiveTranscript()
    live.hear(words('ask not'), { start: 0, end: 1, isLast: false })
    const near = live.hear(words('ask not'), { start: 0, end: 1.2, isLast: false })
    expect(texts(near.final)).toBe(' ask')
    const far = live.hear(words('ask not'), { start: 0, end: 1.7, isLast: false })
    expect(texts(far.final)).toBe(' not')
  })

  test('but not those from an unlikely one on, until there is more audio behind it', () => {
    const live = new LiveTranscript()
    const heard = words('the cold reared').map((word, index) =>
      index === 1 ? { ...word, probability: 0.6 } : word,
    )
    live.hear(heard, { start: 0, end: 2.5, isLast: false })
    const near = live.hear(heard, { start: 0, end: 3.5, isLast: false })
    expect([texts(near.final), texts(near.partial)]).toEqual([' the', ' cold reared'])
    const far = live.hear(heard, { start: 0, end: 4, isLast: false })
    expect(texts(far.final)).toBe(' cold reared')
    const last = new LiveTranscript().hear(heard, { start: 0, end: 1.5, isLast: true })
    expect(texts(last.final)).toBe(' the cold reared')
  })

  test('all of them when the utterance ends', () => {
    const live = new LiveTranscript()
    live.hear(words('ask not'), { start: 0, end: 1, isLast: false })
    const last = live.hear(words('ask what'), { start: 0, end: 1, isLast: true })
    expect([texts(last.final), texts(last.partial)]).toEqual([' ask what', ''])
  })

  test('all but the last two when hypotheses disagree for too long', () => {
    const live = new LiveTranscript()
    live.hear(words('one two three four'), { start: 0, end: 17, isLast: false })
    const long = live.hear(words('un deux trois quatre'), { start: 0, end: 19, isLast: false })
    expect([texts(long.final), texts(long.partial)]).toEqual([' un deux', ' trois quatre'])
  })
})

test('what is decided is never told again, also when a word has grown by what follows', () => {
  const live = new LiveTranscript()
  live.hear(words('we can go'), { start: 0, end: 1.5, isLast: false })
  expect(texts(live.hear(words('we can do'), { start: 0, end: 2, isLast: false }).final)).toBe(
    ' we can',
  )
  // The model split " can't" in two tokens, of which the first was decided.
  const grown = live.hear(words("we can't go"), { start: 0, end: 2.5, isLast: true })
  expect(texts(grown.final)).toBe("'t go")
  expect(texts(live.confirmed)).toBe(" we can't go")
})

test('no word begins before the one before it ends', () => {
  const live = new LiveTranscript()
  live.hear(words('ask not', 1), { start: 0, end: 2, isLast: true })
  live.finish()
  const { final } = live.hear(words('what your', 1.8), { start: 1.8, end: 3, isLast: true })
  expect(final.map(({ start, end }) => [start, end])).toEqual([
    [2, 2.3],
    [2.3, 2.8],
  ])
})

describe('audio is cut', () => {
  const decided = (text: string, end: number): LiveTranscript => {
    const live = new LiveTranscript()
    live.hear(words(text), { start: 0, end, isLast: false })
    live.hear(words(text), { start: 0, end, isLast: false })
    return live
  }

  test('not while it is short', () => {
    expect(decided('a b| c', 5).cut(0, 5)).toBe(0)
  })

  test('at the end of a segment that is decided, above six seconds', () => {
    const live = decided('a b| c d', 7)
    expect(live.cut(0, 7)).toBe(1)
    expect(texts(live.confirmed)).toBe(' c d')
    expect(String.fromCodePoint(...live.said)).toBe(' a b')
  })

  test('before a word that is not decided, though the stamp of the segment comes later', () => {
    const live = new LiveTranscript()
    const late = words('a b| c').map((word) => ({ ...word, stamps: word.stamps.map(() => 1.4) }))
    live.hear(late.slice(0, 2), { start: 0, end: 6, isLast: false })
    live.hear(late, { start: 0, end: 7, isLast: false })
    expect(live.cut(0, 7)).toBe(1)
  })

  test('between decided words above twelve seconds, three of which stay', () => {
    const live = decided('a b c d e f', 13)
    expect(live.cut(0, 13)).toBe(1.5)
    expect(texts(live.confirmed)).toBe(' d e f')
  })

  test('when nothing is made of it for half a minute, so that it never grows on', () => {
    const live = new LiveTranscript()
    live.hear([], { start: 0, end: 25, isLast: false })
    expect(live.cut(0, 25)).toBe(0)
    expect(live.cut(0, 27)).toBe(21)
  })
})

test('some hundred tokens of what was said are remembered, or none', () => {
  const live = new LiveTranscript()
  live.hear(words(Array.from({ length: 90 }, () => 'word').join(' ')), {
    start: 0,
    end: 50,
    isLast: true,
  })
  live.finish()
  expect(live.said).toHaveLength(96)
  live.forget()
  expect(live.said).toEqual([])
  const forgetful = new LiveTranscript(false)
  forgetful.hear(words('ask not'), { start: 0, end: 1, isLast: true })
  forgetful.finish()
  expect(forgetful.said).toEqual([])
})
