import type { AudioSlots, CrossAttention } from './cross-attention.js'
import type { Decoder } from './decoder.js'
import { beginSearch } from './generate.js'
import type { BegunSearch, GenerateRequest, Generated } from './generate.js'
import { rowScores } from './search.js'
import type { NextRow } from './search.js'

/** A window that is decoded beside others. */
export interface SideWindow {
  /** Writes the encoder's output into the place given and tells what is to be found. */
  begin(slots: AudioSlots, place: number): Promise<GenerateRequest>
  /** Is told what was found. `cross` is valid until it resolves. */
  end(cross: CrossAttention, found: Generated): Promise<void>
}

/** A window at work. */
interface Slot {
  readonly window: SideWindow
  readonly request: GenerateRequest
  readonly begun: BegunSearch
  rows: readonly NextRow[]
  /** Where its first token is in the cache. */
  start: number
  /** Its first row in the cache. */
  firstRow: number
}

/** Once all rows began this many tokens late, the cache is cut. */
const LATE_START = 64

/**
 * Decodes windows side by side, so that the weights are read once for all of them; a place that gets free is taken by the next
 * window at once. Each finds what it would find alone. All have the same `rules`.
 *
 * It ends when all have found and there is no next one at that time. `scratch` is another decoder of the same model, in which each prompt is read alone; a window's `end` may use it.
 */
export async function decodeSideBySide(
  parts: { decoder: Decoder; scratch: Decoder; slots: AudioSlots },
  most: number,
  nextWindow: () => SideWindow | undefined,
  signal: AbortSignal,
): Promise<void> {
  const { decoder, scratch, slots } = parts
  const active: Slot[] = []
  let width = 0

  const join = async (window: SideWindow): Promise<void> => {
    const place = active.length
    const request = await window.begin(slots, place)
    const cross = slots.view(place, 1)
    const begun = await beginSearch({ decoder: scratch, cross }, request)
    if (begun.rows.length === 0) {
      await window.end(cross, { ...begun.search.result(), noSpeechProb: begun.noSpeechProb })
      return
    }
    const { cache } = decoder
    if (place === 0) {
      width = 1
      cache.reset(1, begun.given)
    } else {
      if (cache.length < begun.given) makeRoom(begun.given - cache.length)
      // What it gets at first is of no account.
      cache.reorder([...rowsAtWork(), ...Array.from({ length: width }, () => 0)])
      settle()
    }
    const firstRow = place * width
    for (let row = 0; row < width; row++) cache.copyRow(firstRow + row, scratch.cache, 0)
    const start = cache.length - begun.given
    active.push({ window, request, begun, rows: begun.rows, start, firstRow })
  }

  const rowsAtWork = (): number[] =>
    active.flatMap(({ firstRow }) => upTo(width).map((index) => firstRow + index))

  /** Notes that each window's rows are where its place is. */
  const settle = (): void => {
    for (const [place, slot] of active.entries()) slot.firstRow = place * width
  }

  const makeRoom = (tokens: number): void => {
    decoder.cache.shift(-tokens)
    for (const slot of active) slot.start += tokens
  }

  /** Lets go of what no row needs any more. */
  const trim = (): void => {
    const late = Math.min(...active.map(({ start }) => start))
    if (late < LATE_START && !decoder.cache.isFull) return
    decoder.cache.shift(late)
    for (const slot of active) slot.start -= late
  }

  /** Puts each window's rows where their next tokens belong; where it has fewer than others, its first one stands in. */
  const arrange = (): readonly number[][] => {
    const before = width
    width = Math.max(...active.map(({ rows }) => rows.length))
    const places = active.flatMap((slot, place) =>
      upTo(width).map((index) => ({ slot, place, next: slot.rows[index] ?? slot.rows[0] })),
    )
    const stays =
      width === before && active.every(({ firstRow }, place) => firstRow === place * width)
    decoder.cache.reorder(
      places.map(({ slot, next }) => slot.firstRow + (next?.source ?? 0)),
      (row) => {
        const { slot, next } = places[row] ?? {}
        if (!stays || slot === undefined) return 0
        return slot.start + slot.begun.given + (next?.shared ?? 0)
      },
    )
    settle()
    return places.map(({ next }) => [next?.token ?? 0])
  }

  const step = async (): Promise<void> => {
    const [leader] = active
    if (leader === undefined) return
    const tokens = arrange()
    const scores = await decoder.run({
      tokens,
      cross: slots.view(0, active.length),
      starts: active.flatMap(({ start }) => upTo(width).map(() => start)),
      shared: active.flatMap(({ start, begun }) => upTo(width).map(() => start + begun.given)),
      score: [0],
      textMask: leader.request.rules.textMask,
      top: Math.max(...active.map(({ begun }) => begun.search.top)),
      allLogits: active.some(({ begun }) => begun.search.allLogits),
    })
    for (const slot of active) {
      slot.rows = slot.begun.search.advance(rowScores(scores, slot.firstRow, 0))
    }
  }

  /** Ends the windows that have found, and fills their places from the back. */
  const leave = async (): Promise<void> => {
    for (let place = active.length - 1; place >= 0; place--) {
      const slot = active[place]
      if (slot === undefined || slot.rows.length > 0) continue
      const { search, noSpeechProb } = slot.begun
      await slot.window.end(slots.view(place, 1), { ...search.result(), noSpeechProb })
      const last = active.pop()
      if (last === undefined || last === slot) continue
      slots.move(active.length, place)
      active[place] = last
    }
  }

  while (true) {
    while (active.length < most) {
      signal.throwIfAborted()
      const window = nextWindow()
      if (window === undefined) break
      await join(window)
    }
    if (active.length === 0) return
    signal.throwIfAborted()
    trim()
    await step()
    await leave()
  }
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index)
}
