import { spawnSync } from 'node:child_process'

import { expect, test } from 'vitest'

const watchdog = JSON.stringify(new URL('watchdog.mjs', import.meta.url).href)

/** Runs a program with a watched call of at most 300 ms of the processor; gives how it ended and what it printed. */
function run(call) {
  const code = `import { pbkdf2 } from 'node:crypto'
    import { watched } from ${watchdog}
    const work = (rounds) => new Promise((done) => pbkdf2('', '', rounds, 64, 'sha512', done))
    const pause = (ms) => new Promise((done) => setTimeout(done, ms))
    await watched(${call}, 300)
    console.log('done')`
  const { status, signal, stdout } = spawnSync(
    process.execPath,
    ['--input-type=module', '-e', code],
    {
      encoding: 'utf8',
      timeout: 60_000,
    },
  )
  return [signal ?? status, stdout.trim()]
}

test('a call that works on and on in the background ends the process', () => {
  expect(run('() => work(1e9)')).toEqual(['SIGABRT', ''])
})

test('a call that ends in time does not, nor one that only waits', () => {
  expect(run('() => work(10)')).toEqual([0, 'done'])
  expect(run('() => pause(1500)')).toEqual([0, 'done'])
})
