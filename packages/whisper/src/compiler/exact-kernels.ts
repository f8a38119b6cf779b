import ort from 'onnxruntime-node'

import { MICROSOFT, OnnxGraph } from './onnx-graph.js'
import { scalar } from './onnx-types.js'

const ROWS = 8
const DEPTH = 64
const COLUMNS = 16
const LARGEST = 127

/**
 * Whether this processor multiplies 8-bit activations with weights of this type exactly.
 *
 * x86 processors with AVX2 and without VNNI (before Intel's Ice Lake and AMD's Zen 4) add two products of an unsigned and a
 * signed byte in 16 bits, and onnxruntime lets the sum stop at 32,767: the largest products come out as a hundredth of what they
 * are. With two unsigned bytes it takes another way, which is slower there and exact. So the largest products are tried.
 */
export async function hasExactKernels(weights: 'int8' | 'uint8'): Promise<boolean> {
  const session = await ort.InferenceSession.create(productGraph(weights), { intraOpNumThreads: 1 })
  const activations = new Uint8Array(ROWS * DEPTH).fill(128 + LARGEST)
  const feeds = { activations: new ort.Tensor('uint8', activations, [ROWS, DEPTH]) }
  const { product } = await session.run(feeds)
  await session.release()
  const numbers = product?.data
  return numbers instanceof Float32Array && numbers.every((sum) => sum === LARGEST ** 2 * DEPTH)
}

function productGraph(type: 'int8' | 'uint8'): Uint8Array {
  const graph = new OnnxGraph()
  const length = DEPTH * COLUMNS
  const data =
    type === 'int8'
      ? new Int8Array(length).fill(LARGEST)
      : new Uint8Array(length).fill(128 + LARGEST)
  const one = graph.constant('one', scalar('float32', 1))
  const zero = graph.constant('zero', scalar('uint8', 128))
  const operands = [
    graph.input('activations', 'uint8', [ROWS, DEPTH]),
    graph.constant('weights', { type, shape: [DEPTH, COLUMNS], data }),
    one,
    one,
    zero,
  ]
  if (type === 'uint8') operands.push(zero)
  const options = { name: 'product', domain: MICROSOFT }
  graph.node('MatMulIntegerToFloat', operands, {}, options)
  graph.output('product', 'float32', [ROWS, COLUMNS])
  return graph.finish()
}
