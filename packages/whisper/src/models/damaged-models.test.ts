import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, expect, test } from 'vitest'

import { unpackExport } from '../../test/support/onnx-exports.js'
import { writeHuggingFaceModel } from '../../test/support/random-hugging-face.js'
import { writeRandomModel } from '../../test/support/random-model.js'
import { expectedShapes } from './model-shapes.js'
import { openModel } from './open-model.js'

const root = mkdtempSync(join(tmpdir(), 'audiodecode-damaged-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** Opens a model and reads all of it. @returns What came of it. */
async function readAll(folder: string): Promise<string> {
  try {
    const model = await openModel(folder)
    try {
      for (const [name, shape] of expectedShapes(model.config)) {
        const tensor = await model.tensor(name)
        expect(tensor.data).toHaveLength(shape.reduce((product, size) => product * size, 1))
      }
    } finally {
      await model.close()
    }
    return 'whole'
  } catch (error) {
    // Nothing but this may come of a file, whatever is in it.
    expect(error).toMatchObject({ name: 'AudioDecodeError', code: 'ERR_MODEL' })
    return String(error)
  }
}

/** Bytes that are wrong in one to four places, mostly where a file says what is in it. The same for the same seed. */
function damage(bytes: Uint8Array, seed: number): Uint8Array {
  let state = (seed + 1) * 7919
  const random = (below: number): number => {
    state = (state * 48_271) % 2_147_483_647
    return state % below
  }
  const out = Uint8Array.from(bytes)
  const near = [64, 4096, 65_536, bytes.length][random(4)] ?? bytes.length
  for (let changes = 1 + random(4); changes > 0; changes--) {
    out[random(Math.min(near, bytes.length))] =
      [0, 1, 0x7f, 0x80, 0xff, random(256)][random(6)] ?? 0
  }
  return random(5) === 0 ? out.subarray(0, random(bytes.length)) : out
}

const exported = (): string => unpackExport('new', join(root, 'onnx'), /^decoder_model\.onnx$/u)

test.each([
  ['model.bin', 60, () => writeRandomModel(join(root, 'ctranslate2'), 'int8')],
  ['model.safetensors', 60, () => writeHuggingFaceModel(join(root, 'safetensors'), 'F16')],
  ['config.json', 60, () => writeHuggingFaceModel(join(root, 'config'), 'F16')],
  ['encoder_model.onnx', 50, exported],
  ['decoder_model_merged.onnx', 50, exported],
] as const)(
  'of a damaged %s comes an error in words, or the model, and nothing else',
  { timeout: 60_000 },
  async (name, times, write) => {
    const folder = write()
    const path = join(folder, name)
    const whole = readFileSync(path)
    expect(await readAll(folder)).toBe('whole')
    const seen = new Set<string>()
    for (let seed = 0; seed < times; seed++) {
      writeFileSync(path, damage(whole, seed))
      seen.add((await readAll(folder)).replaceAll(/\d+/gu, '#').slice(0, 400))
    }
    writeFileSync(path, whole)
    // Several things were wrong with it.
    expect(seen.size).toBeGreaterThan(3)
  },
)
