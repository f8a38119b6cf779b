import type { DataItem } from '../loader-options.js'

/** Path or URL of an item. */
export function pathOf(item: DataItem): string {
  return typeof item === 'string' ? item : item.path
}

/** Checks a list of items. Throws TypeError or RangeError, with the place of what is wrong. */
export function checkItems<Item extends DataItem>(items: readonly Item[]): readonly Item[] {
  if (!Array.isArray(items)) {
    throw new TypeError('items must be an array of paths, or of objects with a path')
  }
  if (items.length > 0x7fff_ffff) throw new RangeError(`${items.length} items are too many`)
  for (const [index, item] of (items as readonly unknown[]).entries()) {
    const path: unknown =
      typeof item === 'object' && item !== null ? Reflect.get(item, 'path') : item
    if (typeof path !== 'string' || path === '') {
      throw new TypeError(`item ${index} must be a path, or an object with a path`)
    }
    const seconds: unknown =
      typeof item === 'string' ? undefined : Reflect.get(item as object, 'durationSeconds')
    if (seconds === undefined) continue
    if (typeof seconds !== 'number' || !(seconds >= 0 && seconds < Infinity)) {
      throw new RangeError(
        `item ${index} (${path}): durationSeconds must be a number of seconds, not ${JSON.stringify(seconds)}`,
      )
    }
  }
  return items
}
