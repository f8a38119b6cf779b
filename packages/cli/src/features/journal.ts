import { open, readFile } from 'node:fs/promises'

/** What was made of one input: a line of a journal. */
export interface JournalLine {
  /** Name of the output. */
  readonly output: string
  /** Size and time of change of the input when it was read. */
  readonly input: string
  /** What was computed, and how. */
  readonly options: string
  /** Size of the output in bytes. */
  readonly bytes: number
  /** Where it lies in a shard, and its CRC-32. */
  readonly offset?: number
  readonly crc?: number
}

/** Lines of a journal, the last one of each output; none where there is no such file. Half a line at the end is left out. */
export async function readJournal(path: string): Promise<ReadonlyMap<string, JournalLine>> {
  const lines = new Map<string, JournalLine>()
  let text = ''
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (!(error instanceof Error && Reflect.get(error, 'code') === 'ENOENT')) throw error
  }
  for (const line of text.split('\n')) {
    const parsed = parseLine(line)
    if (parsed !== null) lines.set(parsed.output, parsed)
  }
  return lines
}

function parseLine(text: string): JournalLine | null {
  let line: unknown
  try {
    line = JSON.parse(text)
  } catch {
    return null
  }
  return isLine(line) ? line : null
}

function isLine(line: unknown): line is JournalLine {
  if (typeof line !== 'object' || line === null) return false
  const is = (name: keyof JournalLine, type: string): boolean =>
    typeof Reflect.get(line, name) === type
  const isWhole = is('output', 'string') && is('input', 'string') && is('options', 'string')
  return isWhole && Number.isSafeInteger(Reflect.get(line, 'bytes'))
}

/** A journal that lines are added to, one after the other. */
export interface JournalWriter {
  add(line: JournalLine): Promise<void>
  close(): Promise<void>
}

/** Opens a journal; `begin` empties it first. */
export async function openJournal(path: string, begin = false): Promise<JournalWriter> {
  const file = await open(path, begin ? 'w+' : 'a+')
  const { size } = await file.stat()
  const last = new Uint8Array(1)
  if (size > 0) await file.read(last, 0, 1, size - 1)
  // After a crash the last line may be half a line.
  if (size > 0 && last[0] !== 0x0a) await file.appendFile('\n')
  let work: Promise<void> = Promise.resolve()
  return {
    async add(line) {
      const written = work.then(async () => file.appendFile(`${JSON.stringify(line)}\n`))
      work = written.catch(() => {})
      return written
    },
    async close() {
      await work
      await file.close()
    },
  }
}
