import { FRAME_HEADER_BYTES, LMS_BYTES, SLICE_BYTES, SLICE_SAMPLES } from './qoa-frames.js'
import type { QoaFrame } from './qoa-frames.js'

/** Residuals by scale factor and 3-bit code: round((s + 1)^2.75) × {±0.75, ±2.5, ±4.5, ±7}, halves away from zero. */
export const dequantized: readonly Int32Array[] = Array.from({ length: 16 }, (_, s) => {
  const scale = Math.round((s + 1) ** 2.75)
  const positive = [0.75, 2.5, 4.5, 7].map((step) => Math.floor(scale * step + 0.5))
  return Int32Array.from(positive.flatMap((residual) => [residual, -residual]))
})

/** Predicts a sample from the four before it and learns from the error (least mean squares, sign-sign). */
interface Predictor {
  readonly history: number[]
  readonly weights: number[]
}

/**
 * Decodes one frame that lies whole in `bytes` into `planes`, one per channel, beginning at `position`. Samples beyond the end
 * of the planes are dropped.
 */
export function decodeFrame(
  bytes: Uint8Array,
  frame: QoaFrame,
  planes: readonly Float32Array[],
  position: number,
): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const states = frame.byteOffset + FRAME_HEADER_BYTES
  const slices = states + frame.channels * LMS_BYTES
  for (const [channel, plane] of planes.entries()) {
    const predictor = readPredictor(view, states + channel * LMS_BYTES)
    for (let first = 0, slice = 0; first < frame.samples; first += SLICE_SAMPLES, slice++) {
      const at = slices + (slice * frame.channels + channel) * SLICE_BYTES
      const start = position + first
      const end = Math.min(start + SLICE_SAMPLES, position + frame.samples, plane.length)
      decodeSlice(view, at, predictor, plane, start, end)
    }
  }
}

/** 64 bits, highest first: 4 of scale factor, then 3 for each of 20 samples. */
function decodeSlice(
  view: DataView,
  at: number,
  { history, weights }: Predictor,
  plane: Float32Array,
  start: number,
  end: number,
): void {
  const high = view.getUint32(at)
  const low = view.getUint32(at + 4)
  const residuals = dequantized[high >>> 28] as Int32Array
  for (let i = start; i < end; i++) {
    const residual = residuals[codeAt(high, low, i - start)] as number
    const [h0 = 0, h1 = 0, h2 = 0, h3 = 0] = history
    const [w0 = 0, w1 = 0, w2 = 0, w3 = 0] = weights
    // The sum may pass 32 bits in a hostile file, so it is floored, not shifted.
    const predicted = Math.floor((h0 * w0 + h1 * w1 + h2 * w2 + h3 * w3) / 8192)
    const sample = Math.max(-32768, Math.min(32767, predicted + residual))
    const delta = residual >> 4
    weights[0] = w0 + (h0 < 0 ? -delta : delta)
    weights[1] = w1 + (h1 < 0 ? -delta : delta)
    weights[2] = w2 + (h2 < 0 ? -delta : delta)
    weights[3] = w3 + (h3 < 0 ? -delta : delta)
    history[0] = h1
    history[1] = h2
    history[2] = h3
    history[3] = sample
    plane[i] = sample / 32768
  }
}

/** The 3-bit code of a sample; the tenth lies across the two halves. */
function codeAt(high: number, low: number, index: number): number {
  const shift = 57 - 3 * index
  if (shift >= 32) return (high >>> (shift - 32)) & 7
  if (shift <= 29) return (low >>> shift) & 7
  return ((high << (32 - shift)) | (low >>> shift)) & 7
}

function readPredictor(view: DataView, at: number): Predictor {
  const four = (from: number): number[] => [0, 2, 4, 6].map((i) => view.getInt16(from + i))
  return { history: four(at), weights: four(at + 8) }
}
