import { createHash } from 'node:crypto'
import { dirname, join } from 'node:path'

import { fingerprint } from './fingerprint.js'
import { readHuggingFaceConfig } from './hugging-face-config.js'
import { DOWNLOAD_AGAIN, modelError } from './model-error.js'
import { checkShapes } from './model-shapes.js'
import type { ModelWeights } from './model-weights.js'
import { indexOnnx } from './onnx-index.js'
import { onnxWeights, quantisedOperator } from './onnx-weights.js'
import type { OnnxWeight } from './onnx-weights.js'
import { PartedWeights } from './parted-weights.js'
import type { NamedWeights } from './parted-weights.js'
import { BYTES_OF, toFloat32 } from './stored-type.js'
import { openWeightFile } from './weight-file-reader.js'
import type { WeightFileReader } from './weight-file-reader.js'

/** Paths within the folder. */
interface OnnxFiles {
  readonly encoder: string
  readonly decoder: string
}

interface Place extends OnnxWeight {
  readonly file: WeightFileReader
}

/**
 * Opens an export of optimum or transformers.js. Only its weights are used: they are compiled into the same graphs as those of
 * any other model. ERR_MODEL for quantised ones, whose weights are gone.
 */
export async function readOnnx(folder: string, names: OnnxFiles): Promise<ModelWeights> {
  const config = await readHuggingFaceConfig(folder)
  const files = new Map<string, WeightFileReader>()
  const close = async (): Promise<void> => {
    for (const file of files.values()) await file.close()
  }
  try {
    const source = await namedWeights(folder, names, files)
    const weights = new PartedWeights(source, config.width)
    checkShapes(config, folder, (name) => weights.shape(name))
    const mark = createHash('sha256')
    for (const file of files.values()) mark.update(await fingerprint(file, config))
    return {
      config,
      fingerprint: mark.digest('hex'),
      tensor: async (name) => weights.read(name),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** All weights of both graphs. Files are opened into `files`. */
async function namedWeights(
  folder: string,
  names: OnnxFiles,
  files: Map<string, WeightFileReader>,
): Promise<NamedWeights> {
  const opened = async (path: string): Promise<WeightFileReader> => {
    const file = files.get(path) ?? (await openWeightFile(path))
    files.set(path, file)
    return file
  }
  const places = new Map<string, Place>()
  for (const side of ['encoder', 'decoder'] as const) {
    const graph = await opened(join(folder, names[side]))
    const index = await indexOnnx(graph)
    const quantised = quantisedOperator(index)
    if (quantised !== undefined) {
      const problem = `this export is quantised (${quantised}), so that its weights are no longer what they were`
      throw modelError(
        graph.path,
        problem,
        'Use its float32 or float16 form, encoder_model.onnx and decoder_model.onnx.',
      )
    }
    for (const [name, weight] of onnxWeights(index)) {
      const { file } = weight.stored
      const holder = file === undefined ? graph : await opened(besidePath(graph.path, file))
      places.set(`${side}.${name}`, { ...weight, file: holder })
    }
  }
  return {
    path: folder,
    shape(name) {
      const place = places.get(name)
      if (place?.stored.type === undefined) return undefined
      const { shape } = place.stored
      return place.transposed ? shape.toReversed() : shape
    },
    async read(name) {
      const place = places.get(name)
      if (place === undefined) throw new RangeError(`there is no "${name}"`)
      return readPlace(place, name)
    },
  }
}

/** Where values outside of the graph lie: beside it, nowhere else. */
function besidePath(graph: string, name: string): string {
  if (/^[\w-][\w.-]*$/u.test(name)) return join(dirname(graph), name)
  const problem = `its weights should lie in ${JSON.stringify(name.slice(0, 80))}, which is not a file beside it`
  throw modelError(graph, problem, DOWNLOAD_AGAIN)
}

async function readPlace({ stored, transposed, file }: Place, name: string): Promise<Float32Array> {
  const { type = 'float32', shape, offset } = stored
  const expected = shape.reduce((product, size) => product * size, BYTES_OF[type])
  const bytes = stored.bytes ?? expected
  if (bytes !== expected || !Number.isSafeInteger(offset) || offset < 0) {
    const problem = `"${name}" has ${bytes} bytes where its shape makes ${expected}`
    throw modelError(file.path, problem, DOWNLOAD_AGAIN, { byteOffset: offset })
  }
  const values = toFloat32(type, await file.read(offset, bytes))
  return transposed ? transpose(values, shape[0] ?? 0, shape[1] ?? 0) : values
}

/** A table of so many rows and columns, with one for the other. */
function transpose(values: Float32Array, rows: number, columns: number): Float32Array {
  const out = new Float32Array(values.length)
  // In blocks that fit into the processor's cache.
  const BLOCK = 32
  for (let top = 0; top < rows; top += BLOCK) {
    for (let left = 0; left < columns; left += BLOCK) {
      for (let row = top; row < Math.min(top + BLOCK, rows); row++) {
        for (let column = left; column < Math.min(left + BLOCK, columns); column++) {
          out[column * rows + row] = values[row * columns + column]!
        }
      }
    }
  }
  return out
}
