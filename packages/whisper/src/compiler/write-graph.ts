import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { join } from 'node:path'

import { OnnxGraph } from './onnx-graph.js'
import { createWeightsWriter } from './weights-writer.js'
import type { WrittenFile } from './weights-writer.js'

/** Writes a graph `name`.onnx with its weights `name`.weights. @returns What was written, by file name. */
export async function writeGraph(
  directory: string,
  name: string,
  build: (graph: OnnxGraph) => Promise<void>,
): Promise<Readonly<Record<string, WrittenFile>>> {
  const weightsName = `${name}.weights`
  const writer = await createWeightsWriter(join(directory, weightsName))
  try {
    const graph = new OnnxGraph({ writer, name: weightsName })
    await build(graph)
    const written = await writer.finish()
    const bytes = graph.finish()
    await writeSafely(join(directory, `${name}.onnx`), bytes)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    return { [weightsName]: written, [`${name}.onnx`]: { bytes: bytes.length, sha256 } }
  } catch (error) {
    await writer.abandon()
    throw error
  }
}

/** Writes a file and waits until the disk has it. */
export async function writeSafely(path: string, content: Uint8Array | string): Promise<void> {
  const file = await open(path, 'wx')
  try {
    await file.writeFile(content)
    await file.sync()
  } finally {
    await file.close()
  }
}
