import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'

import type { BenchCase, Measurement } from './bench-case.js'
import { importTime } from './cases/import-time.js'
import { mainThread } from './cases/main-thread.js'
import { environment } from './environment.js'

const CASES: readonly BenchCase[] = [mainThread, importTime]

/** `bench [d13] [d14] [--runs N] [--json FILE]`: measures the named rows of the bars, or all there are. */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { runs: { type: 'string', default: '5' }, json: { type: 'string' } },
  })
  const wanted = positionals.map((id) => id.toLowerCase())
  const unknown = wanted.filter((id) => !CASES.some((one) => one.id === id))
  if (unknown.length > 0) {
    throw new Error(
      `no case ${unknown.join(', ')}; there are ${CASES.map((one) => one.id).join(', ')}`,
    )
  }
  const machine = environment()
  console.log(
    Object.entries(machine)
      .map(([key, value]) => `${key}: ${value}`)
      .join('\n'),
  )
  const results: { id: string; title: string; measurements: readonly Measurement[] }[] = []
  for (const { id, title, run } of CASES.filter(
    (one) => wanted.length === 0 || wanted.includes(one.id),
  )) {
    console.log(`\n${id.toUpperCase()} ${title}`)
    const measurements = await run({ runs: Number(values.runs) })
    for (const { name, value, bar, met } of measurements) {
      console.log(
        `  ${name}: ${value}${bar === null ? '' : `   bar ${bar}: ${met ? 'met' : 'MISSED'}`}`,
      )
    }
    results.push({ id, title, measurements })
  }
  if (values.json !== undefined) {
    await writeFile(values.json, `${JSON.stringify({ environment: machine, results }, null, 2)}\n`)
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
