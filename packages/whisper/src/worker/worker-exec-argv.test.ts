import { spawnSync } from 'node:child_process'

import { expect, test } from 'vitest'

import { workerExecArgv } from './worker-exec-argv.js'

test('a worker inherits the flags of Node', () => {
  expect(workerExecArgv(['--enable-source-maps', '--max-old-space-size=4096'])).toBeUndefined()
  expect(workerExecArgv([])).toBeUndefined()
})

test('a worker gets none of them when they hold a program of the command line', () => {
  expect(workerExecArgv(['--no-warnings', '-e', 'console.log(1)'])).toEqual([])
  expect(workerExecArgv(['--input-type=module'])).toEqual([])
})

test.each([
  ['V8', ['--max-old-space-size=256', '--expose-gc']],
  ['a program', ['--no-warnings', '--input-type=commonjs', '--max-old-space-size=256']],
])('Node starts a worker so in a process with flags of %s', (_of, flags) => {
  const options = JSON.stringify({ eval: true, execArgv: workerExecArgv(flags) })
  const input = `new (require('node:worker_threads').Worker)('console.log("started")', ${options})`
  const { stdout, stderr } = spawnSync(process.execPath, flags, { input, encoding: 'utf8' })
  expect(stderr).toBe('')
  expect(stdout.trim()).toBe('started')
})
