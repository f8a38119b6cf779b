import ort from 'onnxruntime-node'

import { OnnxGraph } from '../compiler/onnx-graph.js'
import { ONNX_TYPE } from '../compiler/onnx-types.js'

const SIZE = 16

/** Runs a product in half precision on the graphics card. @returns Why that is not possible, or null. */
export async function runsOnCuda(): Promise<string | null> {
  const graph = new OnnxGraph()
  const half = graph.node('Cast', [graph.input('x', 'float32', [SIZE, SIZE])], {
    to: ONNX_TYPE.float16,
  })
  const product = graph.node('MatMul', [half, half])
  graph.node('Cast', [product], { to: ONNX_TYPE.float32 }, { name: 'y' })
  graph.output('y', 'float32', [SIZE, SIZE])
  try {
    const session = await ort.InferenceSession.create(graph.finish(), {
      executionProviders: ['cuda'],
      logSeverityLevel: 4,
    })
    const x = new ort.Tensor('float32', new Float32Array(SIZE * SIZE).fill(1), [SIZE, SIZE])
    const { y } = await session.run({ x })
    await session.release()
    const values = y?.data
    const isRight = values instanceof Float32Array && values.every((value) => value === SIZE)
    return isRight ? null : 'it computes wrong numbers'
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
