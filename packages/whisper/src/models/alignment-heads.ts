import type { ModelConfig } from './model-weights.js'

type Heads = ModelConfig['alignmentHeads']

/**
 * The heads to take word times from. Distilled models often carry their teacher's list, with layers they do not have; such
 * heads are left out. Without any, all heads of the upper half of the layers, as CTranslate2 does.
 */
export function usableAlignmentHeads(
  named: Heads | undefined,
  layers: number,
  heads: number,
): Heads {
  const usable = (named ?? []).filter(([layer, head]) => layer < layers && head < heads)
  if (usable.length > 0) return usable.toSorted((a, b) => a[0] - b[0] || a[1] - b[1])
  const first = Math.floor(layers / 2)
  return Array.from({ length: (layers - first) * heads }, (_, index) => [
    first + Math.floor(index / heads),
    index % heads,
  ])
}
