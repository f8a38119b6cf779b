import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, describe, expect, test } from 'vitest'

import {
  huggingFaceConfig,
  huggingFaceTensors,
  writeHuggingFaceModel,
} from '../../test/support/random-hugging-face.js'
import {
  randomConfig,
  randomModelBin,
  randomWeights,
  writeRandomModel,
} from '../../test/support/random-model.js'
import { modelBin } from '../../test/support/write-model-bin.js'
import { safetensors } from '../../test/support/write-safetensors.js'
import { expectedShapes } from './model-shapes.js'
import { openModel } from './open-model.js'

const root = mkdtempSync(join(tmpdir(), 'audiodecode-models-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

let folders = 0
const freshFolder = (): string => join(root, `model${folders++}`)

/** The largest difference between the model in the folder and the random weights. */
async function largestDifference(folder: string): Promise<number> {
  const model = await openModel(folder)
  let largest = 0
  for (const [name, data] of randomWeights()) {
    const tensor = await model.tensor(name)
    expect(tensor.shape).toEqual(expectedShapes(randomConfig).get(name))
    expect(tensor.data).toHaveLength(data.length)
    tensor.data.forEach((value, at) => {
      largest = Math.max(largest, Math.abs(value - data[at]!))
    })
  }
  await model.close()
  return largest
}

test.each([
  ['float32', 0],
  // Half a unit in the last place of 11 bits, for numbers below 2; half a step of 1/127 of the largest.
  ['float16', 2 ** -11],
  ['int8', 0.5 / 127],
] as const)('a CTranslate2 model in %s gives its weights back', async (storage, limit) => {
  const largest = await largestDifference(writeRandomModel(freshFolder(), storage))
  expect(largest).toBeLessThanOrEqual(limit)
  expect(largest === 0).toBe(storage === 'float32')
})

test.each([
  ['F32', 0],
  ['F16', 2 ** -11],
  ['BF16', 2 ** -7],
] as const)(
  'a Hugging Face model in %s gives the weights of the CTranslate2 model',
  async (type, limit) => {
    const largest = await largestDifference(writeHuggingFaceModel(freshFolder(), type))
    expect(largest).toBeLessThanOrEqual(limit)
    expect(largest === 0).toBe(type === 'F32')
  },
)

test('a Hugging Face model in several files is read as one, and one that lacks a file says which', async () => {
  const folder = writeHuggingFaceModel(freshFolder(), 'F32')
  rmSync(join(folder, 'model.safetensors'))
  const tensors = huggingFaceTensors()
  const half = Math.floor(tensors.length / 2)
  const parts = [tensors.slice(0, half), tensors.slice(half)]
  const fileOf = (part: number): string => `model-0000${part + 1}-of-00002.safetensors`
  const map: [string, string][] = []
  for (const [part, own] of parts.entries()) {
    writeFileSync(join(folder, fileOf(part)), safetensors(own, 'F32'))
    for (const { name } of own) map.push([name, fileOf(part)])
  }
  const index = join(folder, 'model.safetensors.index.json')
  writeFileSync(index, JSON.stringify({ metadata: {}, weight_map: Object.fromEntries(map) }))
  expect(await largestDifference(folder)).toBe(0)
  rmSync(join(folder, fileOf(1)))
  await expect(openModel(folder)).rejects.toThrow(/00002-of-00002\.safetensors.*cannot be opened/u)
  writeFileSync(index, '{"weight_map": {"a": "../../x.safetensors"}}')
  await expect(openModel(folder)).rejects.toThrow(/names no files of weights/u)
})

test('both formats give the same configuration', async () => {
  for (const folder of [writeRandomModel(freshFolder()), writeHuggingFaceModel(freshFolder())]) {
    const model = await openModel(folder)
    expect(model.config).toEqual(randomConfig)
    await model.close()
  }
})

test('the fingerprint changes with the weights and with the configuration', async () => {
  const folder = writeRandomModel(freshFolder())
  const marks = new Set<string>()
  const look = async (): Promise<void> => {
    const model = await openModel(folder)
    marks.add(model.fingerprint)
    await model.close()
  }
  await look()
  await look()
  expect(marks.size).toBe(1)
  writeFileSync(join(folder, 'config.json'), '{"alignment_heads": [[1, 1]]}')
  await look()
  writeFileSync(join(folder, 'model.bin'), randomModelBin('float16'))
  await look()
  expect(marks.size).toBe(3)
})

test('alignment heads that the model does not have are left out; without any the upper half serves', async () => {
  const folder = writeRandomModel(freshFolder())
  const headsOf = async (json: string): Promise<unknown> => {
    writeFileSync(join(folder, 'config.json'), json)
    const model = await openModel(folder)
    await model.close()
    return model.config.alignmentHeads
  }
  expect(await headsOf('{"alignment_heads": [[7, 1], [1, 1], [0, 5], [0, 0]]}')).toEqual([
    [0, 0],
    [1, 1],
  ])
  const upperHalf = [
    [1, 0],
    [1, 1],
  ]
  expect(await headsOf('{"alignment_heads": [[7, 1]]}')).toEqual(upperHalf)
  expect(await headsOf('{}')).toEqual(upperHalf)
})

test.each([
  ['model.onnx', /ONNX export/u],
  ['model-00001-of-00002.safetensors', /several safetensors/u],
  ['pytorch_model.bin', /PyTorch/u],
  ['notes.txt', /no model/u],
])('a folder with %s says what it is and what is wanted', async (name, message) => {
  const folder = freshFolder()
  mkdirSync(folder)
  writeFileSync(join(folder, name), 'x')
  await expect(openModel(folder)).rejects.toMatchObject({
    code: 'ERR_MODEL',
    message: expect.stringMatching(message),
  })
  await expect(openModel(folder)).rejects.toThrow(/model\.bin.*model\.safetensors/u)
})

test('a folder that is not there is an error with advice', async () => {
  await expect(openModel(freshFolder())).rejects.toMatchObject({ code: 'ERR_MODEL' })
})

describe('a damaged model.bin', () => {
  const folder = writeRandomModel(freshFolder())
  const whole = randomModelBin()
  const opened = async (bytes: Uint8Array): Promise<string> => {
    writeFileSync(join(folder, 'model.bin'), bytes)
    try {
      await (await openModel(folder)).close()
    } catch (error) {
      expect(error).toMatchObject({ code: 'ERR_MODEL', input: join(folder, 'model.bin') })
      return String(error)
    }
    return 'opened'
  }

  test('that is cut anywhere is an error', async () => {
    expect(await opened(whole)).toBe('opened')
    for (const length of [
      0,
      3,
      6,
      17,
      24,
      40,
      900,
      100_000,
      whole.length - 200,
      whole.length - 1,
    ]) {
      expect(await opened(whole.subarray(0, length))).toMatch(
        /download the model again|CTranslate2/u,
      )
    }
  })

  test('tells which weight should have more bytes than are left, or than its shape makes', async () => {
    expect(await opened(whole.subarray(0, whole.length - 200))).toMatch(
      /should have \d+ bytes, but \d+ are left/u,
    )
    // 256 bytes for 64 numbers of four bytes, then the shape says 63.
    const data = new Float32Array(64)
    const bytes = modelBin(new Map([['encoder/x', { shape: [64], data }]]))
    bytes[bytes.indexOf(64)] = 63
    expect(await opened(bytes)).toMatch(/"encoder\/x" has 256 bytes where its shape makes 252/u)
  })

  test('with scales that do not fit its rows is an error when the weight is read', async () => {
    const good = randomModelBin('int8')
    const name = 'encoder/layer_0/ffn/linear_0/weight_scale'
    // The name, its zero byte and the number of dimensions come before the dimension: 512 rows.
    const at = Buffer.from(good).indexOf(name) + name.length + 2
    const view = new DataView(good.buffer)
    expect(view.getUint32(at, true)).toBe(512)
    // Twice as many numbers of half the size: the data stays as long as it was.
    view.setUint32(at, 1024, true)
    good[at + 4] = 4
    await opened(good)
    const model = await openModel(folder)
    await expect(model.tensor('encoder/layer_0/ffn/linear_0/weight')).rejects.toThrow(
      /1024 scales for 512 rows/u,
    )
    await model.close()
  })

  test('of another architecture, another version or another kind says so', async () => {
    expect(await opened(modelBin(new Map(), { architecture: 'TransformerSpec' }))).toMatch(
      /another kind.*TransformerSpec/u,
    )
    expect(await opened(modelBin(new Map(), { version: 7 }))).toMatch(/version/u)
    expect(await opened(new TextEncoder().encode('PK, a zip file of PyTorch'))).toMatch(/version/u)
    expect(await opened(modelBin(new Map()))).toMatch(/missing/u)
  })

  test('never gives another error, whichever byte of its heads is wrong', async () => {
    const starts = [0, 1, 4, 5, 8, 18, 22, 26, 28, 30, 44, 45, 46, 50]
    for (const at of starts) {
      for (const value of [0, 1, 127, 255]) {
        const bytes = whole.slice()
        bytes[at] = value
        expect(await opened(bytes)).toMatch(/^opened$|^AudioDecodeError/u)
      }
    }
  })

  test('that shrinks while it is open is an error when the weight is read', async () => {
    await opened(whole)
    const model = await openModel(folder)
    truncateSync(join(folder, 'model.bin'), 1000)
    await expect(model.tensor('encoder/layer_norm/beta')).rejects.toMatchObject({
      code: 'ERR_MODEL',
    })
    await model.close()
  })
})

describe('a damaged model.safetensors', () => {
  const folder = writeHuggingFaceModel(freshFolder())
  const opened = async (bytes: Uint8Array, config = huggingFaceConfig()): Promise<string> => {
    writeFileSync(join(folder, 'model.safetensors'), bytes)
    writeFileSync(join(folder, 'config.json'), JSON.stringify(config))
    try {
      await (await openModel(folder)).close()
    } catch (error) {
      expect(error).toMatchObject({ code: 'ERR_MODEL' })
      return String(error)
    }
    return 'opened'
  }
  const whole = safetensors(huggingFaceTensors(), 'F32')

  test('that is cut, or promises more than it has, is an error', async () => {
    expect(await opened(whole)).toBe('opened')
    for (const length of [0, 7, 8, 500, 20_000, whole.length - 1]) {
      expect(await opened(whole.subarray(0, length))).toMatch(/download the model again/u)
    }
    const long = whole.slice()
    long[7] = 1
    expect(await opened(long)).toMatch(/header should have/u)
  })

  test('without a weight, or with one of another shape, says which', async () => {
    const tensors = huggingFaceTensors()
    const without = tensors.filter(
      ({ name }) => !name.includes('decoder.layers.1.encoder_attn.k_proj'),
    )
    expect(await opened(safetensors(without, 'F32'))).toMatch(
      /decoder\/layer_1\/attention\/linear_1\/weight" is missing/u,
    )
    expect(await opened(whole, { ...huggingFaceConfig(), max_target_positions: 31 })).toMatch(
      /32×128, not 31×128/u,
    )
  })

  test('whose config.json is not Whisper’s, or nonsense, is an error', async () => {
    expect(await opened(whole, { model_type: 'bert' })).toMatch(/not a Whisper model/u)
    expect(await opened(whole, { ...huggingFaceConfig(), encoder_layers: 1e9 })).toMatch(/layers/u)
    expect(await opened(whole, { ...huggingFaceConfig(), decoder_attention_heads: 1e9 })).toMatch(
      /heads/u,
    )
    expect(await opened(whole, { ...huggingFaceConfig(), vocab_size: 'many' })).toMatch(
      /vocab_size/u,
    )
  })

  test('of weights without the prefix of the whole model is read too', async () => {
    expect(await opened(safetensors(huggingFaceTensors(''), 'F16'))).toBe('opened')
  })
})
