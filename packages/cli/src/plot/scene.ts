import { magma } from './magma.js'
import type { PlotData } from './plot-data.js'
import { frequencyTicks, timeTicks } from './ticks.js'

/** A picture made of a few kinds of marks, in pixels, drawn in this order. */
export interface Scene {
  readonly width: number
  readonly height: number
  readonly marks: readonly Mark[]
}

/** One mark. */
export type Mark =
  | { readonly kind: 'box'; readonly box: Box; readonly color: string }
  | {
      readonly kind: 'text'
      readonly x: number
      readonly y: number
      readonly text: string
      readonly anchor: Anchor
    }
  /** A vertical bar for each column from `left` on. */
  | {
      readonly kind: 'bars'
      readonly left: number
      readonly tops: Float32Array
      readonly bottoms: Float32Array
      readonly color: string
    }
  | { readonly kind: 'image'; readonly box: Box; readonly image: Image }

/** Where a text stands relative to its place; its middle is always at `y`. */
export type Anchor = 'start' | 'middle' | 'end'

/** A rectangle. */
export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Pixels: red, green, blue, row after row from the top. */
export interface Image {
  readonly width: number
  readonly height: number
  readonly pixels: Uint8Array
}

const MARGIN = { left: 70, right: 96, top: 34, bottom: 36, gap: 16 }

/** The least that leaves room for both plots. */
export const LEAST = { width: 320, height: 240 }

/** Columns that a picture of this width has for the audio. */
export function columnsFor(width: number): number {
  return width - MARGIN.left - MARGIN.right
}

/** Waveform above, mel spectrogram below, with axes. */
export function layOut(
  data: PlotData,
  size: { width: number; height: number },
  title: string,
): Scene {
  const { width, height } = size
  const inner = height - MARGIN.top - MARGIN.bottom - MARGIN.gap
  const waveHeight = Math.round(inner * 0.3)
  const wave = { x: MARGIN.left, y: MARGIN.top, width: data.columns, height: waveHeight }
  const mel = {
    x: MARGIN.left,
    y: MARGIN.top + waveHeight + MARGIN.gap,
    width: data.columns,
    height: inner - waveHeight,
  }
  const marks: Mark[] = [
    { kind: 'box', box: { x: 0, y: 0, width, height }, color: '#ffffff' },
    { kind: 'text', x: MARGIN.left, y: MARGIN.top / 2, text: title, anchor: 'start' },
    ...waveform(data, wave),
    { kind: 'image', box: mel, image: spectrogram(data) },
    ...frame(wave),
    ...frame(mel),
    ...timeAxis(data, mel),
    ...frequencyAxis(data, mel),
    ...colorBar(mel, width),
  ]
  return { width, height, marks }
}

const INK = '#222222'

function waveform({ minima, maxima }: PlotData, box: Box): Mark[] {
  const peak = Math.max(...[...maxima, ...minima].map(Math.abs).filter(Number.isFinite), 0)
  const scale = roundUp(peak)
  const place = (sample: number): number => {
    const clamped = Math.min(1, Math.max(-1, sample / scale))
    return box.y + ((1 - clamped) / 2) * box.height
  }
  const tops = maxima.map((sample) => place(sample))
  const bottoms = minima.map((sample) => place(sample))
  const labels = [scale, 0, -scale].flatMap((value, i) =>
    tick(box.x, box.y + (i * box.height) / 2, String(value)),
  )
  return [
    { kind: 'box', box, color: '#f4f4f6' },
    { kind: 'bars', left: box.x, tops, bottoms, color: '#51127c' },
    ...labels,
  ]
}

/** The next of 1, 0.5, 0.2, 0.1 … that holds the peak; beyond 1 the next whole number. */
function roundUp(peak: number): number {
  if (peak > 1) return Math.ceil(peak)
  const steps = [1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001]
  return steps.findLast((step) => step >= peak) ?? 1
}

function spectrogram({ decibels, bands, columns }: PlotData): Image {
  const pixels = new Uint8Array(bands * columns * 3)
  for (let row = 0; row < bands; row++) {
    const band = bands - 1 - row
    for (let column = 0; column < columns; column++) {
      const level = decibels[band * columns + column] ?? -80
      pixels.set(magma(1 + level / 80), (row * columns + column) * 3)
    }
  }
  return { width: columns, height: bands, pixels }
}

function frame({ x, y, width, height }: Box): Mark[] {
  return [
    { x: x - 1, y: y - 1, width: width + 2, height: 1 },
    { x: x - 1, y: y + height, width: width + 2, height: 1 },
    { x: x - 1, y, width: 1, height },
    { x: x + width, y, width: 1, height },
  ].map((box) => ({ kind: 'box', box, color: INK }))
}

/** A mark and a label left of an axis. */
function tick(x: number, y: number, label: string): Mark[] {
  return [
    { kind: 'box', box: { x: x - 5, y: Math.round(y), width: 4, height: 1 }, color: INK },
    { kind: 'text', x: x - 9, y: Math.round(y), text: label, anchor: 'end' },
  ]
}

function timeAxis({ startSeconds, durationSeconds }: PlotData, box: Box): Mark[] {
  const bottom = box.y + box.height
  const ticks = timeTicks(startSeconds, durationSeconds, Math.max(2, Math.floor(box.width / 100)))
  return [
    ...ticks.flatMap(({ at, label }): Mark[] => {
      const x = Math.round(box.x + at * (box.width - 1))
      return [
        { kind: 'box', box: { x, y: bottom + 1, width: 1, height: 4 }, color: INK },
        { kind: 'text', x, y: bottom + 18, text: label, anchor: 'middle' },
      ]
    }),
    { kind: 'text', x: box.x + box.width + 10, y: bottom + 18, text: 's', anchor: 'start' },
  ]
}

function frequencyAxis({ topHertz }: PlotData, box: Box): Mark[] {
  let lastY = Infinity
  const marks: Mark[] = []
  for (const { at, label } of frequencyTicks(topHertz)) {
    const y = box.y + (1 - at) * box.height
    if (lastY - y < 18) continue
    lastY = y
    marks.push(...tick(box.x, y, label))
  }
  return [...marks, { kind: 'text', x: 2, y: box.y + 8, text: 'Hz', anchor: 'start' }]
}

function colorBar(mel: Box, width: number): Mark[] {
  const pixels = new Uint8Array(256 * 3)
  for (let row = 0; row < 256; row++) pixels.set(magma(1 - row / 255), row * 3)
  const box = { x: width - MARGIN.right + 16, y: mel.y, width: 14, height: mel.height }
  const labels = [0, -20, -40, -60, -80].map((level): Mark => ({
    kind: 'text',
    x: box.x + box.width + 6,
    y: Math.round(box.y + (-level / 80) * box.height),
    text: level === 0 ? '0 dB' : String(level),
    anchor: 'start',
  }))
  return [
    { kind: 'image', box, image: { width: 1, height: 256, pixels } },
    ...frame(box),
    ...labels,
  ]
}
