import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { makeWav, platformNames, temporaryFolder } from '@audiodecode/test-support'
import { expect, test } from 'vitest'

const temporaryFile = temporaryFolder()
const here = fileURLToPath(new URL('..', import.meta.url))
const long = temporaryFile('long.wav', makeWav({ frames: 44_100 * 300 }))

/** Runs a module in a Node of its own, in this package, on what is built. */
async function run(code: string, env: Record<string, string> = {}): Promise<string> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--expose-gc', '--input-type=module', '-e', code],
    { cwd: here, timeout: 60_000, env: { ...process.env, ...env } },
  )
  return stdout.trim()
}

const decode = `import { load } from '@audiodecode/core'; import '@audiodecode/backend-rust';`

test('importing loads no addon, decoding does', async () => {
  const code = `${decode}
    const loaded = () => Object.keys(process.report.getReport().sharedObjects).length && process.report.getReport().sharedObjects.some((name) => name.endsWith('.node'))
    const before = loaded()
    await load(${JSON.stringify(long)}, { duration: 1 })
    console.log(before, loaded())`
  expect(await run(code)).toBe('false true')
})

test('a process ends by itself after a decode', async () => {
  const code = `${decode} console.log((await load(${JSON.stringify(long)}, { duration: 1 })).frames)`
  expect(await run(code)).toBe('44100')
})

test('process.exit during a decode ends the process', async () => {
  const code = `${decode}
    load(${JSON.stringify(long)}, { sampleRate: 16000 })
    setTimeout(() => { console.log('leaving'); process.exit(0) }, 100)`
  expect(await run(code)).toBe('leaving')
})

test('a worker thread decodes, and may be terminated in the middle of it', async () => {
  const worker = `${decode}
    import { parentPort } from 'node:worker_threads'
    const path = ${JSON.stringify(long)}
    parentPort.postMessage((await load(path, { duration: 2 })).frames)
    for (;;) await load(path, { sampleRate: 16000 })`
  const code = `${decode}
    import { Worker } from 'node:worker_threads'
    const url = new URL('data:text/javascript,' + encodeURIComponent(${JSON.stringify(worker.replaceAll("'@audiodecode/core'", 'CORE').replaceAll("'@audiodecode/backend-rust'", 'RUST'))}
      .replaceAll('CORE', JSON.stringify(import.meta.resolve('@audiodecode/core')))
      .replaceAll('RUST', JSON.stringify(import.meta.resolve('@audiodecode/backend-rust')))))
    for (let round = 0; round < 5; round++) {
      const worker = new Worker(url)
      const frames = await new Promise((done, fail) => worker.once('message', done).once('error', fail))
      await new Promise((done) => setTimeout(done, 60 + 20 * round))
      await worker.terminate()
      if (frames !== 88200) throw new Error('wrong ' + frames)
    }
    console.log((await load(${JSON.stringify(long)}, { duration: 1 })).frames)`
  expect(await run(code)).toBe('44100')
}, 60_000)

test('memory stays flat over 500 opened and closed decoders', async () => {
  const code = `import { AudioDecoder } from '@audiodecode/core'; import '@audiodecode/backend-rust'
    const path = ${JSON.stringify(long)}
    const round = async (count) => {
      for (let i = 0; i < count; i++) {
        const decoder = await AudioDecoder.open(path)
        await decoder.decode({ offset: i % 200, duration: 1 })
        await decoder.close()
      }
      for (let i = 0; i < 3; i++) { gc(); await new Promise((done) => setTimeout(done, 20)) }
      return process.memoryUsage().rss / 2 ** 20
    }
    const before = await round(1500)
    console.log(Math.round(await round(500) - before))`
  // 500 leaked results would be 168 MiB, 500 leaked sources more than 30. The allocator's arenas fill before that.
  expect(Number(await run(code))).toBeLessThan(16)
}, 60_000)

test('a broken addon is ERR_BACKEND_UNAVAILABLE with the reason and the way out', async () => {
  const broken = temporaryFile('broken.node', 'this is no library')
  const code = `${decode}
    import { rustBackend } from '@audiodecode/backend-rust'
    const error = await load(${JSON.stringify(long)}, { backend: 'rust' }).catch((error) => error)
    const { available, hint } = await rustBackend.status()
    console.log(JSON.stringify([error.name, error.code, error.message, available, hint]))`
  const [name, errorCode, message, available, hint] = JSON.parse(
    await run(code, { NAPI_RS_NATIVE_LIBRARY_PATH: broken }),
  ) as string[]
  expect([name, available]).toEqual(['AudioDecodeError', false])
  expect(['ERR_BACKEND_UNAVAILABLE', 'ERR_NO_BACKEND']).toContain(errorCode)
  expect(message).toContain('@audiodecode/backend-rust')
  expect(hint).toMatch(/broken\.node.*npm i @audiodecode\/backend-rust/s)
})

test('the platforms the advice names are those that are published', async () => {
  const require = createRequire(import.meta.url)
  const { napi } = require('../package.json') as { napi: { targets: string[] } }
  const { PLATFORMS } = await import('../src/rust-backend.js')
  expect(PLATFORMS).toEqual(platformNames(napi.targets))
})
