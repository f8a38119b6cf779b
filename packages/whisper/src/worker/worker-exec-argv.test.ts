import { expect, test } from 'vitest'

import { workerExecArgv } from './worker-exec-argv.js'

test('a worker gets the flags of Node, but not those of a program on the command line', () => {
  const flags = [
    '--enable-source-maps',
    '--input-type=module',
    '-e',
    'console.log(1)',
    '--no-warnings',
  ]
  expect(workerExecArgv(flags)).toEqual(['--enable-source-maps', '--no-warnings'])
  expect(workerExecArgv([])).toEqual([])
})
