import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, expect, test } from 'vitest'

import { exportedWeight, unpackExport } from '../../test/support/onnx-exports.js'
import { huggingFaceParts } from './hugging-face-names.js'
import { expectedShapes } from './model-shapes.js'
import { openModel } from './open-model.js'

const root = mkdtempSync(join(tmpdir(), 'audiodecode-onnx-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

let folders = 0
const unpacked = (name: string, unwanted?: RegExp): string =>
  unpackExport(name, join(root, `export${folders++}`), unwanted)

/** Names of weights that are not those of the formula. */
async function wrongWeights(folder: string): Promise<readonly string[]> {
  const model = await openModel(folder)
  const wrong: string[] = []
  for (const [name, shape] of expectedShapes(model.config)) {
    const { data, shape: found } = await model.tensor(name)
    const { width } = model.config
    const expected = (huggingFaceParts(name) ?? []).flatMap((part) => {
      if (part === null) return Array.from({ length: width }, () => 0)
      // Biases are as long as a layer is wide, but for the one within; other parts have equal rows.
      const rows = (shape[0] ?? 0) / (huggingFaceParts(name)?.length ?? 1)
      const rest = shape.slice(1).reduce((product, size) => product * size, 1)
      return Array.from(exportedWeight(part, rows * rest))
    })
    expect(found).toEqual(shape)
    if (expected.some((value, at) => value !== data[at])) wrong.push(name)
  }
  await model.close()
  return wrong
}

test.each([
  ['a decoder without branches', 'new', /_merged/u],
  ['a decoder with both branches', 'new', /^decoder_model\.onnx$/u],
  ['one that onnxslim has made smaller', 'new/slim', undefined],
  ['one in half precision', 'new/float16', undefined],
  ['one with its weights outside', 'new/outside', undefined],
  ['one of 2024, with norms in single steps', 'old', /_merged/u],
  ['one of 2024 with both branches', 'old', /^decoder_model\.onnx$/u],
])('the weights of an export come out as they went in: %s', async (_, name, unwanted) => {
  expect(await wrongWeights(unpacked(name, unwanted))).toEqual([])
})

test('the graphs may lie in a folder of their own, as in repositories of the hub', async () => {
  const folder = unpacked('new', /_merged/u)
  mkdirSync(join(folder, 'onnx'))
  for (const name of ['encoder_model.onnx', 'decoder_model.onnx']) {
    renameSync(join(folder, name), join(folder, 'onnx', name))
  }
  expect(await wrongWeights(folder)).toEqual([])
})

test('the configuration is what config.json says', async () => {
  const model = await openModel(unpacked('new', /_merged/u))
  expect(model.config).toMatchObject({
    layers: { encoder: 1, decoder: 2 },
    heads: 1,
    width: 64,
    mels: 80,
    vocabulary: 60,
    endOfText: 40,
    suppressIds: [1, 2],
  })
  await model.close()
})

test('a quantised export is refused, with what to use instead', async () => {
  const folder = unpacked('new', /^(?:encoder|decoder)_model\.onnx$/u)
  unpackExport('new/quantised', folder)
  const opened = openModel(folder)
  await expect(opened).rejects.toMatchObject({ code: 'ERR_MODEL' })
  await expect(opened).rejects.toThrow(/quantised \(\w+\).*float32 or float16/u)
  rmSync(join(folder, 'encoder_model.onnx'))
  writeFileSync(join(folder, 'encoder_model_quantized.onnx'), 'x')
  await expect(openModel(folder)).rejects.toThrow(/quantised ones cannot be read/u)
})

test('an export whose weights outside are gone, short or elsewhere says so', async () => {
  const folder = unpacked('new/outside')
  const data = join(folder, 'encoder_model.onnx_data')
  writeFileSync(data, readFileSync(data).subarray(0, 5000))
  const model = await openModel(folder)
  const read = async (): Promise<void> => {
    for (const name of expectedShapes(model.config).keys()) await model.tensor(name)
  }
  await expect(read()).rejects.toMatchObject({ code: 'ERR_MODEL' })
  await model.close()
  rmSync(data)
  await expect(openModel(folder)).rejects.toThrow(/onnx_data.*cannot be opened/u)
  const graph = join(folder, 'encoder_model.onnx')
  const elsewhere = readFileSync(graph, 'latin1').replaceAll(
    'encoder_model.onnx_data',
    '../secrets/mine.sqlite3',
  )
  writeFileSync(graph, elsewhere, 'latin1')
  await expect(openModel(folder)).rejects.toThrow(/not a file beside it/u)
  expect(existsSync(folder)).toBe(true)
})

test('an export without the names of its steps says which weight is missing', async () => {
  const folder = unpacked('new', /_merged/u)
  const graph = join(folder, 'encoder_model.onnx')
  const nameless = readFileSync(graph, 'latin1').replaceAll('/k_proj/MatMul', '/k_xxxx/MatMul')
  writeFileSync(graph, nameless, 'latin1')
  await expect(openModel(folder)).rejects.toThrow(
    /encoder\/layer_0\/self_attention\/linear_0\/weight" is missing/u,
  )
})
