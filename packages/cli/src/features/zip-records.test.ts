import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'

import { afterAll, expect, test } from 'vitest'

import { centralDirectory, localHeader } from './zip-records.js'

const folder = mkdtempSync(join(tmpdir(), 'audiodecode-zip-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('a local header is what APPNOTE.TXT 4.3.7 says', () => {
  const content = Buffer.from('numbers')
  const header = localHeader({ name: 'ü.npy', crc: crc32(content), bytes: content.length })
  expect(header.subarray(0, 4).toString('latin1')).toBe('PK\u0003\u0004')
  expect(header.readUInt32LE(14)).toBe(crc32(content))
  expect([header.readUInt32LE(18), header.readUInt32LE(22)]).toEqual([7, 7])
  expect(header.readUInt16LE(26)).toBe(6)
  expect(header.subarray(30).toString()).toBe('ü.npy')
})

// A file with a hole: systems without such files would write 4 GiB.
test.skipIf(process.platform === 'win32')(
  'more than 65,535 entries, and one beyond 4 GiB, are read by Python',
  async ({ skip }) => {
    const path = join(folder, 'large.zip')
    const content = Buffer.from('far away')
    const near = { name: 'near', crc: crc32(content), bytes: content.length, offset: 0 }
    const far = { ...near, name: 'far', offset: 5 * 2 ** 30 }
    const file = await open(path, 'w')
    for (const entry of [near, far]) {
      const bytes = Buffer.concat([localHeader(entry), content])
      await file.write(bytes, 0, bytes.length, entry.offset)
    }
    const start = far.offset + 100
    const others = Array.from({ length: 66_000 }, (_, n) => ({ ...near, name: `other ${n}` }))
    const end = centralDirectory([near, ...others, far], start)
    await file.write(end, 0, end.length, start)
    await file.close()
    const program = `import sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
print(len(z.namelist()), z.read('near'), z.read('far'))`
    const run = spawnSync('python3', ['-c', program, path], { encoding: 'utf8' })
    if (run.error !== undefined) {
      if (process.env['AUDIODECODE_REQUIRE'] !== undefined) throw run.error
      return skip('needs python3')
    }
    expect([run.stdout.trim(), run.stderr]).toEqual(["66002 b'far away' b'far away'", ''])
  },
)
