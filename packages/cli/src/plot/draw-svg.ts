import { encodePng } from './encode-png.js'
import type { Mark, Scene } from './scene.js'

/** A picture as SVG 1.1; the spectrogram is a PNG in it. */
export function drawSvg({ width, height, marks }: Scene): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="13" fill="#222222">
${marks.map(draw).join('\n')}
</svg>
`
}

function draw(mark: Mark): string {
  switch (mark.kind) {
    case 'box':
      return `<rect ${place(mark.box)} fill="${mark.color}"/>`
    case 'text':
      return `<text x="${mark.x}" y="${mark.y}" dy="0.35em" text-anchor="${mark.anchor}">${escape(mark.text)}</text>`
    case 'bars': {
      const bars = Array.from(mark.tops, (top, i) => {
        const x = mark.left + i + 0.5
        // A line of no length is not drawn: silence has a pixel.
        const bottom = Math.max(mark.bottoms[i] ?? top, top + 1)
        return `M${x} ${round(top)}V${round(bottom)}`
      })
      return `<path d="${bars.join('')}" stroke="${mark.color}" stroke-width="1" fill="none"/>`
    }
    case 'image': {
      const png = encodePng(mark.image).toString('base64')
      return `<image ${place(mark.box)} preserveAspectRatio="none" xlink:href="data:image/png;base64,${png}"/>`
    }
  }
}

function place({
  x,
  y,
  width,
  height,
}: {
  x: number
  y: number
  width: number
  height: number
}): string {
  return `x="${x}" y="${y}" width="${width}" height="${height}"`
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

/** Text of XML: names of files may hold anything, XML may not. */
function escape(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
}
