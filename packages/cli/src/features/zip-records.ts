/** An uncompressed file in a ZIP archive. */
export interface ZipEntry {
  /** Name, with slashes. */
  readonly name: string
  readonly crc: number
  /** Size in bytes, below 4 GiB. */
  readonly bytes: number
  /** Where its local header begins. */
  readonly offset: number
}

/** The largest number of four bytes, which stands for "see the ZIP64 record". */
const MAX_32 = 0xffff_ffff

/** Names are UTF-8 (bit 11); 1 January 1980, so that equal content gives equal bytes. */
const FLAGS = 0x0800
const DATE = 0x0021

/** APPNOTE.TXT 4.3.7. The content follows. */
export function localHeader({ name, crc, bytes }: Omit<ZipEntry, 'offset'>): Buffer {
  const text = Buffer.from(name)
  const header = Buffer.alloc(30)
  header.writeUInt32LE(0x04034b50, 0)
  header.writeUInt16LE(20, 4)
  header.writeUInt16LE(FLAGS, 6)
  header.writeUInt16LE(DATE, 12)
  header.writeUInt32LE(crc, 14)
  header.writeUInt32LE(bytes, 18)
  header.writeUInt32LE(bytes, 22)
  header.writeUInt16LE(text.length, 26)
  return Buffer.concat([header, text])
}

/** What ends an archive: APPNOTE.TXT 4.3.12 and 4.3.16, with the ZIP64 forms of 4.5.3, 4.3.14 and 4.3.15 where they are needed. */
export function centralDirectory(entries: readonly ZipEntry[], start: number): Buffer {
  const records = entries.map(centralHeader)
  const directory = Buffer.concat(records)
  const needs64 = entries.length > 0xfffe || start + directory.length >= MAX_32
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(needs64 ? 0xffff : entries.length, 8)
  end.writeUInt16LE(needs64 ? 0xffff : entries.length, 10)
  end.writeUInt32LE(needs64 ? MAX_32 : directory.length, 12)
  end.writeUInt32LE(needs64 ? MAX_32 : start, 16)
  if (!needs64) return Buffer.concat([directory, end])
  const end64 = Buffer.alloc(56 + 20)
  end64.writeUInt32LE(0x06064b50, 0)
  end64.writeBigUInt64LE(44n, 4)
  end64.writeUInt16LE(45, 12)
  end64.writeUInt16LE(45, 14)
  end64.writeBigUInt64LE(BigInt(entries.length), 24)
  end64.writeBigUInt64LE(BigInt(entries.length), 32)
  end64.writeBigUInt64LE(BigInt(directory.length), 40)
  end64.writeBigUInt64LE(BigInt(start), 48)
  end64.writeUInt32LE(0x07064b50, 56)
  end64.writeBigUInt64LE(BigInt(start + directory.length), 64)
  end64.writeUInt32LE(1, 72)
  return Buffer.concat([directory, end64, end])
}

function centralHeader({ name, crc, bytes, offset }: ZipEntry): Buffer {
  const text = Buffer.from(name)
  const isFar = offset >= MAX_32
  const header = Buffer.alloc(46)
  header.writeUInt32LE(0x02014b50, 0)
  header.writeUInt16LE(isFar ? 45 : 20, 4)
  header.writeUInt16LE(isFar ? 45 : 20, 6)
  header.writeUInt16LE(FLAGS, 8)
  header.writeUInt16LE(DATE, 14)
  header.writeUInt32LE(crc, 16)
  header.writeUInt32LE(bytes, 20)
  header.writeUInt32LE(bytes, 24)
  header.writeUInt16LE(text.length, 28)
  header.writeUInt16LE(isFar ? 12 : 0, 30)
  header.writeUInt32LE(isFar ? MAX_32 : offset, 42)
  if (!isFar) return Buffer.concat([header, text])
  const extra = Buffer.alloc(12)
  extra.writeUInt16LE(1, 0)
  extra.writeUInt16LE(8, 2)
  extra.writeBigUInt64LE(BigInt(offset), 4)
  return Buffer.concat([header, text, extra])
}
