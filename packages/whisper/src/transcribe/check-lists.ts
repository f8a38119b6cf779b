import { number, text, wholeNumbers } from './check-values.js'

/** Temperatures to try, at least one; faster-whisper's by default. */
export function checkTemperature(temperature: unknown): readonly number[] {
  if (temperature === undefined) return [0, 0.2, 0.4, 0.6, 0.8, 1]
  const list: readonly unknown[] = Array.isArray(temperature) ? temperature : [temperature]
  if (list.length === 0) throw new RangeError('temperature must hold at least one temperature')
  return list.map((item) => {
    const checked = number(item, 'temperature', 0)
    if (checked === undefined) throw new TypeError('temperature must be a number')
    return checked
  })
}

/** Text or tokens. */
export function checkInitialPrompt(prompt: unknown): string | readonly number[] | undefined {
  return Array.isArray(prompt)
    ? wholeNumbers(prompt, 'initialPrompt', 0)
    : text(prompt, 'initialPrompt')
}

/** Clips in seconds; the end of one may be Infinity: that of the audio. */
export function checkClips(
  clips: unknown,
): readonly { readonly start: number; readonly end: number }[] | undefined {
  if (clips === undefined) return undefined
  if (!Array.isArray(clips)) throw new TypeError('clipTimestamps must be a list of { start, end }')
  return clips.map((clip: unknown, index) => {
    const name = `clipTimestamps[${index}]`
    if (typeof clip !== 'object' || clip === null) {
      throw new TypeError(`${name} must be { start, end } in seconds`)
    }
    const start = number(Reflect.get(clip, 'start'), `${name}.start`, 0)
    const given: unknown = Reflect.get(clip, 'end')
    const end = given === Infinity ? Infinity : number(given, `${name}.end`, 0)
    if (start === undefined || end === undefined) {
      throw new TypeError(`${name} must be { start, end } in seconds`)
    }
    if (end > start) return { start, end }
    throw new RangeError(`${name} must end after its start, ${start}, not at ${end}`)
  })
}
