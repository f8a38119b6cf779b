import type { CliStreams } from './streams.js'
import { writeLine } from './streams.js'

/** How far a run over several files has come. */
export interface Progress {
  /** File `index` is done to this part, 0 to 1. */
  update(index: number, fraction: number): void
  /** Prints a line; above the bar where there is one. */
  line(text: string): Promise<void>
  /** Takes the bar away. */
  stop(): void
}

/** A bar on stderr when it is a terminal, else, and for no files, nothing but the lines. */
export async function createProgress(files: number, streams: CliStreams): Promise<Progress> {
  const plain = (text: string): Promise<void> => writeLine(streams, 'stderr', text)
  if (streams.stderr.isTTY !== true || files === 0) return { update() {}, line: plain, stop() {} }
  const { SingleBar } = (await import('cli-progress')).default
  const bar = new SingleBar({
    stream: streams.stderr as NodeJS.WriteStream,
    format: '{bar} {percentage}%  {done}/{files} files  {eta_formatted}',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 30,
    clearOnComplete: true,
    gracefulExit: false,
    emptyOnZero: true,
  })
  const parts: number[] = Array.from({ length: files }, () => 0)
  // Kept, not added up anew: there may be a million files.
  let finished = 0
  let sum = 0
  const payload = (): object => ({ done: finished, files })
  const done = (): number => Math.round(sum * 1000)
  const draw = (): void => bar.start(files * 1000, done(), payload())
  draw()
  // Lines come from several files at once; one after the other, the bar is away while each is printed.
  let printed: Promise<void> = Promise.resolve()
  const printAbove = async (text: string): Promise<void> => {
    bar.stop()
    await plain(text)
    draw()
  }
  return {
    update(index, fraction) {
      const before = parts[index] ?? 0
      finished += Number(fraction >= 1) - Number(before >= 1)
      sum += fraction - before
      parts[index] = fraction
      bar.update(done(), payload())
    },
    line(text) {
      const turn = printed.then(() => printAbove(text))
      printed = turn.catch(() => {})
      return turn
    },
    stop: () => bar.stop(),
  }
}
