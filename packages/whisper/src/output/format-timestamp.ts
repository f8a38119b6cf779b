import { roundHalfEven } from '../python/round-half-even.js'

/** How times are written. */
export interface TimeFormat {
  /** Otherwise only where there are any. */
  readonly alwaysHours: boolean
  readonly decimalMark: '.' | ','
}

/** `01:02:03.004`, to the nearest millisecond. */
export function formatTimestamp(seconds: number, { alwaysHours, decimalMark }: TimeFormat): string {
  const milliseconds = Math.max(0, roundHalfEven(seconds * 1000))
  const hours = Math.floor(milliseconds / 3_600_000)
  const minutes = Math.floor(milliseconds / 60_000) % 60
  const rest = Math.floor(milliseconds / 1000) % 60
  const clock = `${pad(minutes, 2)}:${pad(rest, 2)}${decimalMark}${pad(milliseconds % 1000, 3)}`
  return alwaysHours || hours > 0 ? `${pad(hours, 2)}:${clock}` : clock
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0')
}
