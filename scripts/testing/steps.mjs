/**
 * One step of `npm test`.
 *
 * @typedef {object} Step
 * @property {string} name
 * @property {string} command
 * @property {readonly string[]} args
 * @property {boolean} [slow] Left out by `--quick`.
 * @property {boolean} [countsTests] Its test cases are counted from the result files; other steps count as one.
 * @property {string} [needs] Name of an earlier step without which this one means nothing.
 */

const turbo = (...args) => ({
  command: 'pnpm',
  args: [
    'exec',
    'turbo',
    'run',
    '--continue=dependencies-successful',
    '--output-logs=new-only',
    ...args,
  ],
})
const tool = (name, ...args) => ({ command: 'pnpm', args: ['exec', name, ...args] })
const script = (path, ...args) => ({
  command: process.execPath,
  args: [`scripts/checks/${path}`, ...args],
})

/** Name of the consumer tests' package: they install packed tarballs, which takes minutes. */
const CONSUMERS = '@audiodecode/package-tests'
/** For vitest: a list for people, and a file for the summary. */
const REPORTERS = [
  '--',
  '--reporter=default',
  '--reporter=json',
  '--outputFile.json=.test-results/vitest.json',
]

/** Everything that `npm test` does, in order: what fails fastest first. @type {readonly Step[]} */
export const steps = [
  { name: 'format: Rust', ...turbo('rust:fmt') },
  { name: 'format: TypeScript', ...tool('oxfmt', '--check') },
  { name: 'build', ...turbo('build') },
  { name: 'types', needs: 'build', ...turbo('typecheck') },
  { name: 'lint', needs: 'build', ...tool('oxlint', '--type-aware', '--deny-warnings') },
  { name: 'unused code', ...tool('knip') },
  { name: 'lint: Rust', slow: true, ...turbo('rust:clippy') },
  { name: 'tests: Rust', countsTests: true, ...turbo('rust:test') },
  {
    name: 'tests: TypeScript',
    needs: 'build',
    countsTests: true,
    ...turbo(
      'test',
      `--filter=!${CONSUMERS}`,
      '--concurrency=2',
      ...REPORTERS,
      '--passWithNoTests',
    ),
  },
  {
    name: 'tests: packed packages',
    needs: 'build',
    slow: true,
    countsTests: true,
    ...turbo('test', `--filter=${CONSUMERS}`, ...REPORTERS),
  },
  { name: 'API reports, doc comments', needs: 'build', ...script('check-api.mjs') },
  { name: 'conformance tables', needs: 'build', ...script('check-conformance.mjs') },
  { name: 'licences', ...script('check-licenses.mjs') },
  { name: 'third-party notices', ...script('third-party-licenses.mjs', '--check') },
  { name: 'workflows', ...script('check-workflows.mjs') },
]
