let table: Float32Array | undefined

/** Value of each of the 65,536 half-precision floats (IEEE 754 binary16). */
function halfFloats(): Float32Array {
  if (table !== undefined) return table
  table = new Float32Array(65_536)
  for (let bits = 0; bits < 65_536; bits++) {
    const exponent = (bits >> 10) & 31
    const fraction = bits & 1023
    const size =
      exponent === 0
        ? fraction * 2 ** -24
        : exponent === 31
          ? fraction === 0
            ? Infinity
            : NaN
          : (1024 + fraction) * 2 ** (exponent - 25)
    table[bits] = bits & 0x8000 ? -size : size
  }
  return table
}

/** Half-precision floats as float32; exact. */
export function fromFloat16(halves: Uint16Array): Float32Array {
  const values = halfFloats()
  const out = new Float32Array(halves.length)
  for (let index = 0; index < out.length; index++) out[index] = values[halves[index]!]!
  return out
}

/** bfloat16 (the upper half of a float32) as float32; exact. */
export function fromBfloat16(halves: Uint16Array): Float32Array {
  const bits = new Uint32Array(halves.length)
  for (let index = 0; index < bits.length; index++) bits[index] = halves[index]! << 16
  return new Float32Array(bits.buffer)
}

/** The nearest half-precision floats, ties to even; what is too large becomes infinite. */
export function toFloat16(values: Float32Array): Uint16Array<ArrayBuffer> {
  const out = new Uint16Array(values.length)
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length)
  for (let index = 0; index < out.length; index++) out[index] = halfOf(bits[index]!)
  return out
}

function halfOf(bits: number): number {
  const sign = (bits >>> 16) & 0x8000
  const exponent = ((bits >>> 23) & 255) - 112
  const fraction = bits & 0x7fffff
  if (exponent >= 31) {
    const isNaN = exponent === 143 && fraction !== 0
    return sign | 0x7c00 | (isNaN ? 0x200 : 0)
  }
  if (exponent < -10) return sign
  // Below the normal range the leading one becomes explicit and the fraction moves right.
  const shift = exponent > 0 ? 13 : 14 - exponent
  const whole = exponent > 0 ? (exponent << 23) | fraction : fraction | 0x800000
  const half = whole >>> shift
  const rest = whole & ((1 << shift) - 1)
  const middle = 1 << (shift - 1)
  const up = rest > middle || (rest === middle && (half & 1) === 1) ? 1 : 0
  // A carry out of the fraction gives the next exponent, and past the last one infinity: both as they should be.
  return sign | (half + up)
}
