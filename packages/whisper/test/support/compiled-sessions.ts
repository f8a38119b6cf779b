import ort from 'onnxruntime-node'
import type { InferenceSession, Tensor } from 'onnxruntime-node'

import type { CompiledFiles } from '../../src/compiler/compiled-files.js'
import { openInt8 } from './int8-session.js'

/** What the decoder looks at, by its inputs' names; there may be more. */
export type Cross = Readonly<Record<string, Tensor>>

/** The graphs of a compiled model, run as plainly as can be. */
export interface CompiledSessions {
  /** Everything that the encoder gives for `mel` [rows, bands, frames]. */
  encode(
    mel: Float32Array,
    frames: number,
    rows?: number,
    padding?: Readonly<Record<string, Tensor>>,
  ): Promise<Record<string, Tensor>>
  /** Everything that the decoder gives. */
  decode(step: Step): Promise<Record<string, Tensor>>
  /** Frees the sessions. */
  close(): Promise<void>
}

/** Input of the decoder. */
export interface Step {
  /** Tokens of each row, equally many. */
  readonly ids: readonly (readonly number[])[]
  /** From the encoder. */
  readonly cross: Cross
  /** Keys and values so far: `new_k_0` and so on, as the decoder gave them. */
  readonly past?: readonly Record<string, Tensor>[]
  /** Tokens whose successors' scores are wanted; all when missing. */
  readonly wanted?: readonly number[]
  /** Text that may not be chosen. */
  readonly suppressed?: readonly number[]
  /** Number of the best to tell. */
  readonly top?: number
}

/** Opens a compiled model. */
export async function openCompiled(files: CompiledFiles): Promise<CompiledSessions> {
  if (files.computeType === 'int8') return openInt8(files)
  const options = { intraOpNumThreads: 1, enableMemPattern: false }
  const encoder = await ort.InferenceSession.create(files.encoder, options)
  const decoder = await ort.InferenceSession.create(files.decoder, options)
  const { mels } = files.config
  return {
    async encode(mel, frames, rows = 1, padding = {}) {
      const shape = [rows, mels, frames]
      const feeds = { mel: new ort.Tensor('float32', mel, shape), ...noPadding(files, rows) }
      return run(encoder, { ...feeds, ...padding })
    },
    decode: async (step) => run(decoder, feedsOf(files, step, decoder.inputNames)),
    async close() {
      await encoder.release()
      await decoder.release()
    },
  }
}

async function run(
  session: InferenceSession,
  feeds: Record<string, Tensor>,
): Promise<Record<string, Tensor>> {
  return { ...(await session.run(feeds)) }
}

/** Whole windows have none behind them. */
function noPadding({ config }: CompiledFiles, rows: number): Record<string, Tensor> {
  const none = new ort.Tensor('float32', new Float32Array(0), [rows, 0, config.width])
  return Object.fromEntries(
    Array.from({ length: config.layers.encoder }, (_, layer) =>
      ['k', 'v'].map((kind) => [`padding_${kind}_${layer}`, none] as const),
    ).flat(),
  )
}

function feedsOf(
  files: CompiledFiles,
  step: Step,
  inputs: readonly string[],
): Record<string, Tensor> {
  const { ids, cross, past = [], suppressed = [], top = 1 } = step
  const count = ids[0]!.length
  const before = past.reduce((total, part) => total + (part.new_k_0 ?? part.new)!.dims[0]!, 0)
  const wanted = step.wanted ?? ids[0]!.map((_, at) => at)
  const closed = new Float32Array(files.eot)
  for (const id of suppressed) if (id < files.eot) closed[id] = -1e30
  return {
    ids: integers(ids.flat(), [ids.length, count]),
    positions: integers(
      ids.flatMap((row) => row.map((_, at) => before + at)),
      [ids.length, count],
    ),
    logit_positions: integers(wanted, [wanted.length]),
    mask: causalMask(count, before),
    text_mask: new ort.Tensor('float32', closed, [files.eot]),
    top: integers([top], [1]),
    ...cache(files, ids.length, past, inputs),
    ...Object.fromEntries(Object.entries(cross).filter(([name]) => inputs.includes(name))),
  }
}

function integers(values: readonly number[], shape: readonly number[]): Tensor {
  return new ort.Tensor('int64', BigInt64Array.from(values, BigInt), shape)
}

/** A token sees all tokens before it, and itself. */
function causalMask(count: number, before: number): Tensor {
  const mask = new Float32Array(count * (before + count))
  for (let row = 0; row < count; row++) {
    mask.fill(-6e4, row * (before + count) + before + row + 1, (row + 1) * (before + count))
  }
  return new ort.Tensor('float32', mask, [1, 1, count, before + count])
}

/** What came out of earlier steps, one after the other. */
function cache(
  { config: { layers, heads, width } }: CompiledFiles,
  rows: number,
  past: readonly Record<string, Tensor>[],
  inputs: readonly string[],
): Record<string, Tensor> {
  const feeds: Record<string, Tensor> = {}
  for (const name of inputs.filter((input) => input.startsWith('past'))) {
    const parts = past.map((step) => numbers(step[name.replace('past', 'new')]))
    const data = Float32Array.from(parts.flatMap((part) => [...part]))
    const sizes = name === 'past' ? [2 * layers.decoder * width] : [heads, 64]
    const tokens = data.length / (rows * sizes.reduce((product, size) => product * size, 1))
    feeds[name] = new ort.Tensor('float32', data, [tokens, rows, ...sizes])
  }
  return feeds
}

/** Numbers of a float32 tensor. */
export function numbers(tensor: Tensor | undefined): Float32Array {
  return tensor!.data as Float32Array
}

/** Numbers of an int64 tensor. */
export function wholeNumbers(tensor: Tensor | undefined): readonly number[] {
  return Array.from(tensor!.data as BigInt64Array, Number)
}
