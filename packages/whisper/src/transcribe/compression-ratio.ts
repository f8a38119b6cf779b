import { deflate } from 'pako'

/**
 * Length of a text in UTF-8 over its length compressed by zlib at its level 6: above 2.4 or so a text repeats itself.
 *
 * pako, since it compresses to the very length that zlib and so Python does; Node's zlib is Chromium's fork of it, whose lengths
 * differ enough to turn the decision.
 */
export function compressionRatio(text: string): number {
  const bytes = new TextEncoder().encode(text)
  return bytes.length / deflate(bytes).length
}
