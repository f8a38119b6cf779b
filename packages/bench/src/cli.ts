import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'

import type { BenchCase, Measurement } from './bench-case.js'
import { ALL_CASES } from './cases/all-cases.js'
import { environment } from './environment.js'
import { peerVersions } from './peer-versions.js'

const USAGE = 'bench list | all | CASE … [--runs N] [--json FILE]'

/** Measures the named rows of the bars, or all of them; `list` tells which there are. */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { runs: { type: 'string', default: '5' }, json: { type: 'string' } },
  })
  const words = positionals.map((word) => word.toLowerCase())
  if (words.length === 0 || words.includes('list')) {
    console.log([USAGE, ...ALL_CASES.map(({ id, title }) => `${id}\t${title}`)].join('\n'))
    return
  }
  const cases = choose(words)
  const runs = Number(values.runs)
  if (!Number.isInteger(runs) || runs < 1) throw new Error(`--runs ${values.runs}: ${USAGE}`)
  const machine = environment()
  console.log(lines(machine))
  const save = async (report: object): Promise<void> => {
    if (values.json !== undefined)
      await writeFile(values.json, `${JSON.stringify(report, null, 2)}\n`)
  }
  const results: { id: string; title: string; measurements: readonly Measurement[] }[] = []
  for (const { id, title, run } of cases) {
    console.log(`\n${id.toUpperCase()} ${title}`)
    try {
      const measurements = await run({ runs })
      for (const line of measurements) console.log(`  ${show(line)}`)
      results.push({ id, title, measurements })
    } catch (error) {
      // The other cases can still be measured.
      console.log(`  failed: ${error instanceof Error ? error.message : String(error)}`)
      process.exitCode = 1
    }
    // After each case: a long run that is cut off leaves what it had.
    await save({ environment: machine, results })
  }
  // At the end: the cases install what they need.
  const peers = await peerVersions()
  console.log(`\n${lines(peers)}`)
  await save({ environment: machine, peers, results })
}

function lines(facts: object): string {
  return Object.entries(facts)
    .map(([key, value]) => `${key}: ${value}`)
    .join('\n')
}

function choose(words: readonly string[]): readonly BenchCase[] {
  if (words.includes('all')) return ALL_CASES
  const unknown = words.filter((id) => !ALL_CASES.some((one) => one.id === id))
  if (unknown.length > 0) {
    throw new Error(
      `no case ${unknown.join(', ')}; there are ${ALL_CASES.map((one) => one.id).join(', ')}`,
    )
  }
  return ALL_CASES.filter((one) => words.includes(one.id))
}

function show({ name, value, bar, met }: Measurement): string {
  return `${name}: ${value}${bar === null ? '' : `   bar ${bar}: ${met ? 'met' : 'MISSED'}`}`
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
