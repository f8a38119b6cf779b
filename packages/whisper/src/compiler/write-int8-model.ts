import { toFloat16 } from '../models/half-float.js'
import { HEAD_WIDTH } from '../models/model-shapes.js'
import type { ModelWeights, WeightTensor } from '../models/model-weights.js'
import { BLOCK, writeInt8File } from './int8-writer.js'
import type { Int8Writer } from './int8-writer.js'
import type { WrittenFile } from './weights-writer.js'

/** Names of the files of a model for the addon. */
export const INT8_FILES = { encoder: 'encoder.int8', decoder: 'decoder.int8' } as const

/** Folded into the queries' weights. */
const QUERY_FACTOR = HEAD_WIDTH ** -0.5

/** Writes a model for the addon's 8-bit arithmetic: sizes, then every weight in the order in which the addon reads them. */
export async function writeInt8Model(
  directory: string,
  weights: ModelWeights,
): Promise<Readonly<Record<string, WrittenFile>>> {
  const parts = { encoder: writeEncoder, decoder: writeDecoder }
  const written: Record<string, WrittenFile> = {}
  for (const part of ['encoder', 'decoder'] as const) {
    const build = (writer: Int8Writer): Promise<void> => parts[part](writer, weights)
    Object.assign(written, await writeInt8File(directory, INT8_FILES[part], weights, build))
  }
  return written
}

async function writeEncoder(writer: Int8Writer, weights: ModelWeights): Promise<void> {
  const { layers, heads, width, mels, audioContext } = weights.config
  const sizes = [layers.encoder, width, heads, 4 * width, mels, audioContext, layers.decoder]
  await writer.head('adwhispe', [...sizes, BLOCK])
  for (const name of ['encoder/conv1', 'encoder/conv2']) {
    await writer.floats(tapsFirst(await weights.tensor(`${name}/weight`)))
    await writer.floats((await weights.tensor(`${name}/bias`)).data)
  }
  await writer.floats((await weights.tensor('encoder/position_encodings/encodings')).data)
  for (let layer = 0; layer < layers.encoder; layer++) {
    const name = `encoder/layer_${layer}`
    await writer.norm(`${name}/self_attention/layer_norm`)
    await writer.linear(`${name}/self_attention/linear_0`, [QUERY_FACTOR, 1, 1])
    await writer.linear(`${name}/self_attention/linear_1`, [1])
    await feedForward(writer, name)
  }
  await writer.norm('encoder/layer_norm')
  for (let layer = 0; layer < layers.decoder; layer++) {
    await writer.linear(`decoder/layer_${layer}/attention/linear_1`, [1, 1])
  }
}

async function writeDecoder(writer: Int8Writer, weights: ModelWeights): Promise<void> {
  const { layers, heads, width, vocabulary, textContext, endOfText } = weights.config
  const sizes = [layers.decoder, width, heads, 4 * width, vocabulary, textContext, endOfText]
  await writer.head('adwhispd', [...sizes, BLOCK])
  const table = await weights.tensor('decoder/embeddings/weight')
  await writer.halves(toFloat16(table.data))
  await writer.floats((await weights.tensor('decoder/position_encodings/encodings')).data)
  for (let layer = 0; layer < layers.decoder; layer++) {
    const name = `decoder/layer_${layer}`
    await writer.norm(`${name}/self_attention/layer_norm`)
    await writer.linear(`${name}/self_attention/linear_0`, [QUERY_FACTOR, 1, 1])
    await writer.linear(`${name}/self_attention/linear_1`, [1])
    await writer.norm(`${name}/attention/layer_norm`)
    await writer.linear(`${name}/attention/linear_0`, [QUERY_FACTOR])
    await writer.linear(`${name}/attention/linear_2`, [1])
    await feedForward(writer, name)
  }
  await writer.norm('decoder/layer_norm')
  await writer.matrix({ weight: { rows: vocabulary, columns: width, data: table.data } })
}

async function feedForward(writer: Int8Writer, name: string): Promise<void> {
  await writer.norm(`${name}/ffn/layer_norm`)
  await writer.linear(`${name}/ffn/linear_0`, [1])
  await writer.linear(`${name}/ffn/linear_1`, [1])
}

/** [outputs, inputs, taps] → [outputs, taps, inputs] */
function tapsFirst({ shape, data }: WeightTensor): Float32Array {
  const [outputs = 0, inputs = 0, taps = 0] = shape
  const turned = new Float32Array(data.length)
  for (let output = 0; output < outputs; output++) {
    const start = output * inputs * taps
    for (let tap = 0; tap < taps; tap++) {
      for (let input = 0; input < inputs; input++) {
        turned[start + tap * inputs + input] = data[start + input * taps + tap]!
      }
    }
  }
  return turned
}
