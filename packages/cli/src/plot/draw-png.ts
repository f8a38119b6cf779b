import { encodePng } from './encode-png.js'
import { glyphOf, GLYPH_HEIGHT, GLYPH_WIDTH } from './glyphs.js'
import type { Box, Image, Mark, Scene } from './scene.js'

/** A picture as PNG. Texts of other letters than the axes need are left out: the title is the file's name. */
export function drawPng(scene: Scene): Buffer {
  const canvas: Image = {
    width: scene.width,
    height: scene.height,
    pixels: new Uint8Array(scene.width * scene.height * 3),
  }
  for (const mark of scene.marks) draw(canvas, mark)
  return encodePng(canvas)
}

function draw(canvas: Image, mark: Mark): void {
  switch (mark.kind) {
    case 'box':
      return fill(canvas, mark.box, colorOf(mark.color))
    case 'text':
      return write(canvas, mark)
    case 'bars': {
      const color = colorOf(mark.color)
      for (const [i, top] of mark.tops.entries()) {
        const y = Math.round(top)
        const height = Math.max(1, Math.round(mark.bottoms[i] ?? top) - y)
        fill(canvas, { x: mark.left + i, y, width: 1, height }, color)
      }
      return
    }
    case 'image':
      return stretch(canvas, mark.box, mark.image)
  }
}

type Color = readonly [number, number, number]

function colorOf(text: string): Color {
  const value = Number.parseInt(text.slice(1), 16)
  return [value >> 16, (value >> 8) & 255, value & 255]
}

function fill({ width, height, pixels }: Image, box: Box, color: Color): void {
  const right = Math.min(width, box.x + box.width)
  const bottom = Math.min(height, box.y + box.height)
  for (let y = Math.max(0, box.y); y < bottom; y++) {
    for (let x = Math.max(0, box.x); x < right; x++) pixels.set(color, (y * width + x) * 3)
  }
}

/** As wide as it is, with rows in between drawn from their neighbours. */
function stretch(canvas: Image, box: Box, image: Image): void {
  for (let y = 0; y < box.height; y++) {
    const place = ((y + 0.5) * image.height) / box.height - 0.5
    const upper = Math.min(image.height - 1, Math.max(0, Math.floor(place)))
    const lower = Math.min(image.height - 1, upper + 1)
    const share = Math.min(1, Math.max(0, place - upper))
    for (let x = 0; x < box.width; x++) {
      const column = Math.min(image.width - 1, Math.floor((x * image.width) / box.width))
      const target = ((box.y + y) * canvas.width + box.x + x) * 3
      for (let part = 0; part < 3; part++) {
        const a = image.pixels[(upper * image.width + column) * 3 + part] ?? 0
        const b = image.pixels[(lower * image.width + column) * 3 + part] ?? 0
        canvas.pixels[target + part] = Math.round(a + (b - a) * share)
      }
    }
  }
}

/** Pixels of a glyph's dot, and between two glyphs. */
const DOT = 2
const ADVANCE = (GLYPH_WIDTH + 1) * DOT

function write(canvas: Image, mark: Extract<Mark, { kind: 'text' }>): void {
  const glyphs = Array.from(mark.text, glyphOf)
  if (glyphs.includes(undefined)) return
  const length = glyphs.length * ADVANCE - DOT
  const shift = mark.anchor === 'start' ? 0 : mark.anchor === 'end' ? length : length / 2
  const left = Math.round(mark.x - shift)
  const top = Math.round(mark.y - (GLYPH_HEIGHT * DOT) / 2)
  for (const [i, rows] of glyphs.entries()) {
    for (const [row, dots] of (rows ?? []).entries()) {
      for (let column = 0; column < GLYPH_WIDTH; column++) {
        if (dots[column] !== '#') continue
        const x = left + i * ADVANCE + column * DOT
        const box = { x, y: top + row * DOT, width: DOT, height: DOT }
        fill(canvas, box, [0x22, 0x22, 0x22])
      }
    }
  }
}
