import { join } from 'node:path'

import { toFloat16 } from '../models/half-float.js'
import { HEAD_WIDTH } from '../models/model-shapes.js'
import type { ModelWeights } from '../models/model-weights.js'
import { blockOf, joinLinear, sliceLinear } from './linear.js'
import type { LinearWeights } from './linear.js'
import { quantiseBlocks } from './quantise.js'
import { createWeightsWriter } from './weights-writer.js'
import type { WeightsWriter, WrittenFile } from './weights-writer.js'

/** Name of the file. */
export const INT8_DECODER = 'decoder.int8'
/** What it begins with; the addon reads no other. */
const MAGIC = 'adwhisp1'
/** Folded into the queries' weights. */
const QUERY_FACTOR = HEAD_WIDTH ** -0.5

/**
 * Writes the decoder for the addon's 8-bit arithmetic: sizes, then every weight in the order in which the addon reads them, each from the
 * next multiple of 4,096 bytes on. Layers have a scale for each block of weights.
 */
export async function writeInt8Decoder(
  directory: string,
  weights: ModelWeights,
): Promise<Readonly<Record<string, WrittenFile>>> {
  const writer = await createWeightsWriter(join(directory, INT8_DECODER))
  try {
    await writeAll(writer, weights)
    return { [INT8_DECODER]: await writer.finish() }
  } catch (error) {
    await writer.abandon()
    throw error
  }
}

async function writeAll(writer: WeightsWriter, weights: ModelWeights): Promise<void> {
  const { layers, heads, width, vocabulary, textContext, endOfText } = weights.config
  const block = blockOf(width)
  const write = async (
    type: 'float32' | 'uint8',
    data: Float32Array | Uint8Array,
  ): Promise<void> => {
    await writer.write({ type, shape: [data.length], data } as Parameters<typeof writer.write>[0])
  }
  const floats = async (name: string): Promise<void> =>
    write('float32', (await weights.tensor(name)).data)
  const norm = async (name: string): Promise<void> => {
    await floats(`${name}/gamma`)
    await floats(`${name}/beta`)
  }
  const matrix = async ({ weight, bias }: LinearWeights): Promise<void> => {
    const { values, scales } = quantiseBlocks(weight, block)
    await write('uint8', values)
    await write('float32', scales)
    if (bias !== undefined) await write('float32', bias)
  }
  /** A layer that is several in one; the outputs of each are multiplied by its factor. */
  const linear = async (name: string, factors: readonly number[]): Promise<void> => {
    const [weight, bias] = [
      await weights.tensor(`${name}/weight`),
      await weights.tensor(`${name}/bias`),
    ]
    const rows = weight.shape[0]! / factors.length
    const parts = factors.map((factor, index) =>
      sliceLinear(weight, bias, index * rows, (index + 1) * rows, factor),
    )
    await matrix(joinLinear(parts))
  }

  const sizes = [layers.decoder, width, heads, 4 * width, vocabulary, textContext, endOfText, block]
  const head = Buffer.alloc(MAGIC.length + 4 * sizes.length)
  head.write(MAGIC, 'latin1')
  for (const [index, size] of sizes.entries()) head.writeUInt32LE(size, MAGIC.length + 4 * index)
  await write('uint8', head)
  const table = await weights.tensor('decoder/embeddings/weight')
  await writer.write({ type: 'float16', shape: table.shape, data: toFloat16(table.data) })
  await floats('decoder/position_encodings/encodings')
  for (let layer = 0; layer < layers.decoder; layer++) {
    const name = `decoder/layer_${layer}`
    await norm(`${name}/self_attention/layer_norm`)
    await linear(`${name}/self_attention/linear_0`, [QUERY_FACTOR, 1, 1])
    await linear(`${name}/self_attention/linear_1`, [1])
    await norm(`${name}/attention/layer_norm`)
    await linear(`${name}/attention/linear_0`, [QUERY_FACTOR])
    await linear(`${name}/attention/linear_2`, [1])
    await norm(`${name}/ffn/layer_norm`)
    await linear(`${name}/ffn/linear_0`, [1])
    await linear(`${name}/ffn/linear_1`, [1])
  }
  await norm('decoder/layer_norm')
  await matrix({ weight: { rows: vocabulary, columns: width, data: table.data } })
}
