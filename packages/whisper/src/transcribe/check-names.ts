/** Options of faster-whisper that have another name or form here. */
const OTHER_NAMES: ReadonlyMap<string, string> = new Map([
  ['vad_filter', 'vad'],
  ['log_progress', 'onProgress'],
])

/** Refuses faster-whisper's own spelling, which would otherwise be left unseen: `beam_size` is `beamSize`. */
export function checkNames(options: object): void {
  for (const name of Object.keys(options)) {
    if (!name.includes('_')) continue
    const camel = name.replaceAll(/_([a-z])/gu, (_, letter: string) => letter.toUpperCase())
    throw new TypeError(`there is no option ${name}; it is ${OTHER_NAMES.get(name) ?? camel} here`)
  }
}
