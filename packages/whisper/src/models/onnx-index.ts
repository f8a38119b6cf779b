import { DOWNLOAD_AGAIN, modelError } from './model-error.js'
import { ProtobufReader } from './protobuf-reader.js'
import type { ProtobufField } from './protobuf-reader.js'
import type { StoredType } from './stored-type.js'
import type { WeightFileReader } from './weight-file-reader.js'

/** A tensor that a graph holds. */
export interface OnnxStored {
  /** Undefined for types that no weight of Whisper is kept in here, such as the integers of quantised models. */
  readonly type: StoredType | undefined
  readonly shape: readonly number[]
  /** Name of the file beside the graph that holds the values; undefined: the graph itself. */
  readonly file: string | undefined
  readonly offset: number
  /** Undefined: up to the end of the file. */
  readonly bytes: number | undefined
}

/** A step of a graph. */
export interface OnnxNode {
  readonly name: string
  readonly operator: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
}

/** A graph, or one within another: of both ways of an If. */
export interface OnnxIndex {
  readonly parent: OnnxIndex | undefined
  readonly tensors: Map<string, OnnxStored>
  readonly nodes: OnnxNode[]
  readonly inner: OnnxIndex[]
}

/** As numbered in `TensorProto.DataType`. */
const TYPES: ReadonlyMap<number, StoredType> = new Map([
  [1, 'float32'],
  [10, 'float16'],
  [16, 'bfloat16'],
])
/** An If within a graph is two; more is not Whisper. */
const DEEPEST = 8

type Damaged = (problem: string, byteOffset: number) => Error

/** Reads the steps of a graph, and where its weights lie. ERR_MODEL for what is no ONNX. */
export async function indexOnnx(file: WeightFileReader): Promise<OnnxIndex> {
  const damaged: Damaged = (problem, byteOffset) =>
    modelError(file.path, `the file is damaged or no ONNX: ${problem}`, DOWNLOAD_AGAIN, {
      byteOffset,
    })
  const reading = new OnnxReading(new ProtobufReader(file, damaged), damaged)
  const graph = await reading.model()
  if (graph === undefined) throw damaged('it holds no graph', 0)
  return graph
}

class OnnxReading {
  readonly #reader: ProtobufReader
  readonly #damaged: Damaged

  constructor(reader: ProtobufReader, damaged: Damaged) {
    this.#reader = reader
    this.#damaged = damaged
  }

  async model(): Promise<OnnxIndex | undefined> {
    let graph: OnnxIndex | undefined
    for await (const field of this.#reader.fields()) {
      if (field.number === 7 && isMessage(field)) graph = await this.#graph(field, undefined, 0)
    }
    return graph
  }

  async #graph(
    { start, length }: ProtobufField,
    parent: OnnxIndex | undefined,
    depth: number,
  ): Promise<OnnxIndex> {
    if (depth > DEEPEST) throw this.#damaged('too many graphs within each other', start)
    const index: OnnxIndex = { parent, tensors: new Map(), nodes: [], inner: [] }
    for await (const field of this.#reader.fields(start, length)) {
      if (!isMessage(field)) continue
      if (field.number === 1) await this.#node(field, index, depth)
      if (field.number === 5) {
        const { name, stored } = await this.#tensor(field)
        if (stored !== undefined) index.tensors.set(name, stored)
      }
    }
    return index
  }

  async #node({ start, length }: ProtobufField, graph: OnnxIndex, depth: number): Promise<void> {
    const node = { name: '', operator: '', inputs: [] as string[], outputs: [] as string[] }
    const attributes: ProtobufField[] = []
    for await (const field of this.#reader.fields(start, length)) {
      if (!isMessage(field)) continue
      if (field.number === 1) node.inputs.push(await this.#reader.text(field))
      if (field.number === 2) node.outputs.push(await this.#reader.text(field))
      if (field.number === 3) node.name = await this.#reader.text(field)
      if (field.number === 4) node.operator = await this.#reader.text(field)
      if (field.number === 5) attributes.push(field)
    }
    graph.nodes.push(node)
    for (const attribute of attributes) {
      for await (const field of this.#reader.fields(attribute.start, attribute.length)) {
        if (!isMessage(field)) continue
        if (field.number === 6) graph.inner.push(await this.#graph(field, graph, depth + 1))
        if (field.number === 5 && node.operator === 'Constant') {
          const { stored } = await this.#tensor(field)
          if (stored !== undefined) graph.tensors.set(node.outputs[0] ?? '', stored)
        }
      }
    }
  }

  async #tensor(message: ProtobufField): Promise<{ name: string; stored: OnnxStored | undefined }> {
    let name = ''
    let type: number | undefined
    let values: ProtobufField | undefined
    const shape: number[] = []
    const outside = new Map<string, string>()
    for await (const field of this.#reader.fields(message.start, message.length)) {
      if (field.number === 1) shape.push(...(await this.#reader.integers(field)))
      if (field.number === 2) type = field.value
      if (field.number === 8 && isMessage(field)) name = await this.#reader.text(field)
      if ((field.number === 9 || field.number === 4) && isMessage(field)) values = field
      if (field.number === 13 && isMessage(field)) outside.set(...(await this.#entry(field)))
    }
    const kind = { type: TYPES.get(type ?? 0), shape }
    const file = outside.get('location')
    if (file !== undefined) {
      const offset = Number(outside.get('offset') ?? 0)
      const bytes = outside.has('length') ? Number(outside.get('length')) : undefined
      return { name, stored: { ...kind, file, offset, bytes } }
    }
    // Numbers kept one by one are of small constants; weights come as raw bytes or as one packed list.
    if (values === undefined) return { name, stored: undefined }
    const place = { file, offset: values.start, bytes: values.length }
    return { name, stored: { ...kind, ...place } }
  }

  async #entry({ start, length }: ProtobufField): Promise<[string, string]> {
    const entry: [string, string] = ['', '']
    for await (const field of this.#reader.fields(start, length)) {
      if (!isMessage(field)) continue
      if (field.number === 1) entry[0] = await this.#reader.text(field)
      if (field.number === 2) entry[1] = await this.#reader.text(field)
    }
    return entry
  }
}

function isMessage({ wire }: ProtobufField): boolean {
  return wire === 2
}
