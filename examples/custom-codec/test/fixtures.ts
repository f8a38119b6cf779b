import { readFileSync } from 'node:fs'

/** Bytes of a file that make-fixtures.py has written. */
export function fixture(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`fixtures/${name}`, import.meta.url)))
}

/** What the encoder says its file decodes to, planar, in the range of floats. */
export function reconstruction(name: string, channels: number): Float32Array {
  const bytes = fixture(`${name}.s16`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const frames = bytes.length / 2 / channels
  return Float32Array.from({ length: frames * channels }, (_, i) => {
    const [channel, frame] = [Math.floor(i / frames), i % frames]
    return view.getInt16((frame * channels + channel) * 2, true) / 32768
  })
}
