import { open, rename, rm, stat } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { crc32 } from 'node:zlib'

import { CliError } from '../cli-error.js'
import type { FeatureStore } from './feature-store.js'
import { openJournal, readJournal } from './journal.js'
import type { JournalLine } from './journal.js'
import { centralDirectory, localHeader } from './zip-records.js'
import type { ZipEntry } from './zip-records.js'

/** A line about a .npy in the shard. */
type ShardLine = JournalLine & { readonly offset: number; readonly crc: number }

/**
 * All features in one .npz, which numpy reads (`np.load(path)['folder/name']`). While it is being made it is `path.partial`; a
 * journal, `path.jsonl`, tells what is in it, so that an interrupted run is continued and a finished one added to.
 */
export async function openShardStore(path: string): Promise<FeatureStore> {
  const partial = `${path}.partial`
  const journalPath = `${path}.jsonl`
  const lines = [...(await readJournal(journalPath)).values()].filter(isShardLine)
  // An interrupted run is the newer one.
  const isFinished = !(await exists(partial)) && (await exists(path))
  const before = isFinished ? path : partial
  const kept = new Map<string, ShardLine>()
  if (await exists(before)) {
    const file = await open(before, 'r')
    try {
      for (const line of lines) if (await isWhole(file, line)) kept.set(line.output, line)
    } finally {
      await file.close()
    }
  } else if (lines.length > 0) {
    await rm(journalPath, { force: true })
  }
  return createStore({ path, partial, journalPath, isFinished, kept })
}

interface Begun {
  readonly path: string
  readonly partial: string
  readonly journalPath: string
  readonly isFinished: boolean
  /** What is in the file already. */
  readonly kept: ReadonlyMap<string, ShardLine>
}

function createStore({ path, partial, journalPath, isFinished, kept }: Begun): FeatureStore {
  const live = new Map<string, ShardLine>()
  let opened: Promise<Shard> | undefined
  const shard = async (): Promise<Shard> => {
    opened ??= openShard({ path, partial, journalPath, isFinished, kept })
    return opened
  }
  let work: Promise<unknown> = Promise.resolve()

  return {
    async has({ name, input, options }) {
      const line = kept.get(`${name}.npy`)
      if (line?.input !== input || line.options !== options) return false
      live.set(line.output, line)
      return true
    },
    async put({ name, input, options }, pieces) {
      const output = `${name}.npy`
      const bytes = pieces.reduce((sum, piece) => sum + piece.length, 0)
      if (bytes >= 0xffff_ffff) throw new CliError('too large for a shard: 4 GiB or more')
      const crc = pieces.reduce((sum, piece) => crc32(piece, sum), 0)
      // One after the other: each begins where the last one ends.
      const written = work.then(async () => {
        const target = await shard()
        const offset = target.end
        const all = Buffer.concat([localHeader({ name: output, crc, bytes }), ...pieces])
        await target.file.write(all, 0, all.length, offset)
        target.end = offset + all.length
        const line = { output, input, options, bytes, offset, crc }
        await target.journal.add(line)
        live.set(output, line)
      })
      work = written.catch(() => {})
      return written
    },
    async finish() {
      await work
      // What is in it and no longer wanted is left out of the directory.
      const isSame = isFinished && opened === undefined && live.size === kept.size
      if (isSame) return
      const { file, end } = await shard()
      const entries = [...live.values()].map(entryOf)
      const directory = centralDirectory(entries, end)
      await file.write(directory, 0, directory.length, end)
      await file.truncate(end + directory.length)
      await file.sync()
      await rename(partial, path)
    },
    async close() {
      await work
      if (opened === undefined) return
      const { file, journal } = await opened
      await file.close()
      await journal.close()
    },
  }
}

interface Shard {
  readonly file: FileHandle
  readonly journal: Awaited<ReturnType<typeof openJournal>>
  end: number
}

async function openShard(begun: Begun): Promise<Shard> {
  const { path, partial, journalPath, isFinished, kept } = begun
  if (isFinished && kept.size > 0) await rename(path, partial)
  const continues = kept.size > 0
  const file = await open(partial, continues ? 'r+' : 'w+')
  const end = Math.max(0, ...[...kept.values()].map(endOf))
  await file.truncate(end)
  return { file, journal: await openJournal(journalPath, !continues), end }
}

function entryOf({ output, crc, bytes, offset }: ShardLine): ZipEntry {
  return { name: output, crc, bytes, offset }
}

function endOf(line: ShardLine): number {
  return line.offset + localHeader({ name: line.output, ...line }).length + line.bytes
}

/** Whether the shard has what the journal says: the process, or the machine, may have gone before it was written. */
async function isWhole(file: FileHandle, line: ShardLine): Promise<boolean> {
  const header = localHeader({ name: line.output, ...line })
  const bytes = Buffer.alloc(header.length + line.bytes)
  const { bytesRead } = await file.read(bytes, 0, bytes.length, line.offset)
  if (bytesRead !== bytes.length || !bytes.subarray(0, header.length).equals(header)) return false
  return crc32(bytes.subarray(header.length)) === line.crc
}

function isShardLine(line: JournalLine): line is ShardLine {
  return Number.isSafeInteger(line.offset) && Number.isSafeInteger(line.crc)
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isFile() === true
}
