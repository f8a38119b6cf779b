// Speech of known text for the measurements beside this file: sentences of live-sentences.txt by the voices of flite and
// espeak-ng (both must be installed), and how far a transcript is from what was said.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import '@audiodecode/backend-rust'
import { load } from '@audiodecode/core'

export const RATE = 16_000
const VOICES = [
  ['flite', 'slt'],
  ['espeak-ng', 'en-us'],
  ['flite', 'rms'],
  ['espeak-ng', 'en-gb'],
  ['flite', 'awb'],
]

const path = (name) => fileURLToPath(new URL(name, import.meta.url))

/** The clip of the repository. */
export async function jfk() {
  const { data } = await load(path('../../../fixtures/jfk.flac'), { sampleRate: RATE, mono: true })
  const text =
    'And so my fellow Americans ask not what your country can do for you ask what you can do for your country.'
  return { samples: data, text }
}

/** One to `most` sentences for each turn, `{ samples, text }`: the same at each call with the same `random`. */
export async function* turns(random, most = 3) {
  const folder = mkdtempSync(join(tmpdir(), 'audiodecode-speech-'))
  const sentences = readFileSync(path('live-sentences.txt'), 'utf8').trim().split('\n')
  try {
    for (let turn = 0; ; turn++) {
      const [program, voice] = VOICES[turn % VOICES.length]
      const count = 1 + Math.floor(most * random())
      const chosen = Array.from(
        { length: count },
        () => sentences[Math.floor(random() * sentences.length)],
      )
      const text = chosen.join(' ')
      const file = join(folder, `${turn}.wav`)
      const how =
        program === 'flite'
          ? ['-voice', voice, '-t', text, '-o', file]
          : ['-v', voice, '-s', '150', '-w', file, text]
      execFileSync(program, how, { stdio: 'ignore' })
      const { data } = await load(file, { sampleRate: RATE, mono: true })
      yield { samples: data, text }
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Words without marks and case. */
export function wordsOf(text) {
  return text
    .toLowerCase()
    .replaceAll('-', ' ')
    .replaceAll(/[^\p{L}\p{N}' ]+/gu, '')
    .split(' ')
    .filter((word) => word !== '')
}

/** Words that are wrong, missing or too many. */
export function wordErrors(said, heard) {
  const [a, b] = [wordsOf(said), wordsOf(heard)]
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (const [index, word] of a.entries()) {
    const next = [index + 1]
    for (let at = 1; at <= b.length; at++) {
      next.push(Math.min(row[at] + 1, next[at - 1] + 1, row[at - 1] + (word === b[at - 1] ? 0 : 1)))
    }
    row = next
  }
  return row[b.length]
}

/** Numbers from 0 to 1 that are the same each time. */
export function seeded(seed) {
  let state = seed
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}
