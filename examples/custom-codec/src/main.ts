import { fileURLToPath } from 'node:url'

import { info, load, registerBackend, stream } from '@audiodecode/core'

import { qoaBackend } from './qoa-backend.js'

/** Decodes a QOA file in each of core's ways and prints what came out. */
async function main(path: string): Promise<void> {
  registerBackend(qoaBackend)

  const about = await info(path)
  console.log(`info    ${about.sampleRate} Hz, ${about.channels} ch, ${about.durationSeconds} s`)

  const whole = await load(path)
  console.log(`load    ${whole.frames} frames by backend "${whole.backend}"`)

  const part = await load(path, { offset: 0.1, duration: 0.05 })
  console.log(`range   ${part.frames} frames from ${part.startSeconds} s`)

  const small = await load(path, { sampleRate: 8000, mono: true })
  console.log(`convert ${small.frames} frames, ${small.sampleRate} Hz, ${small.channels} ch`)

  let blocks = 0
  for await (const block of stream(path, { blockSeconds: 0.1 })) blocks += block.frames > 0 ? 1 : 0
  console.log(`stream  ${blocks} blocks`)
}

const sample = new URL('../test/fixtures/stereo.qoa', import.meta.url)
main(process.argv[2] ?? fileURLToPath(sample)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
