import type { ModelConfig } from '../../src/models/model-weights.js'

/** Rows of numbers in double precision. */
export type Rows = readonly (readonly number[])[]

/** Weights by CTranslate2's names. */
export type Weights = ReadonlyMap<string, Float32Array>

const HEAD = 64

/** Whisper as its paper and openai/whisper's model.py have it, one loop after the other: what the graphs are held against. */
export class NaiveWhisper {
  readonly #config: ModelConfig
  readonly #weights: Weights

  constructor(config: ModelConfig, weights: Weights) {
    this.#config = config
    this.#weights = weights
  }

  /** `mel` has a row for each band. @returns A row for each two frames. */
  encode(mel: Rows): Rows {
    let state = this.#convolve(this.#convolve(mel, 'encoder/conv1', 1), 'encoder/conv2', 2)
    state = transposed(state)
    state = added(state, this.#table('encoder/position_encodings/encodings', state.length))
    for (let layer = 0; layer < this.#config.layers.encoder; layer++) {
      const name = `encoder/layer_${layer}`
      state = this.#selfAttention(state, `${name}/self_attention`, false)
      state = this.#feedForward(state, `${name}/ffn`)
    }
    return this.#norm(state, 'encoder/layer_norm')
  }

  /** Scores of the token after each of `ids`, and the cross-attention [layer][head][token][position]. */
  decode(
    ids: readonly number[],
    sound: Rows,
  ): { logits: Rows; attention: readonly (readonly Rows[])[] } {
    const embeddings = this.#table('decoder/embeddings/weight', this.#config.vocabulary)
    const positions = this.#table('decoder/position_encodings/encodings', ids.length)
    let state: Rows = added(
      ids.map((id) => embeddings[id]!),
      positions,
    )
    const attention: (readonly Rows[])[] = []
    for (let layer = 0; layer < this.#config.layers.decoder; layer++) {
      const name = `decoder/layer_${layer}`
      state = this.#selfAttention(state, `${name}/self_attention`, true)
      const normal = this.#norm(state, `${name}/attention/layer_norm`)
      const queries = this.#linear(normal, `${name}/attention/linear_0`)
      const [keys, values] = thirds(this.#linear(sound, `${name}/attention/linear_1`), 2)
      const mixed = attend(queries, keys!, values!, false)
      attention.push(mixed.weights)
      state = added(state, this.#linear(mixed.values, `${name}/attention/linear_2`))
      state = this.#feedForward(state, `${name}/ffn`)
    }
    const last = this.#norm(state, 'decoder/layer_norm')
    return { logits: last.map((row) => embeddings.map((token) => dot(row, token))), attention }
  }

  #selfAttention(state: Rows, name: string, causal: boolean): Rows {
    const normal = this.#norm(state, `${name}/layer_norm`)
    const [queries, keys, values] = thirds(this.#linear(normal, `${name}/linear_0`), 3)
    const mixed = attend(queries!, keys!, values!, causal)
    return added(state, this.#linear(mixed.values, `${name}/linear_1`))
  }

  #feedForward(state: Rows, name: string): Rows {
    const inner = this.#linear(this.#norm(state, `${name}/layer_norm`), `${name}/linear_0`)
    return added(
      state,
      this.#linear(
        inner.map((row) => row.map(gelu)),
        `${name}/linear_1`,
      ),
    )
  }

  #linear(input: Rows, name: string): Rows {
    const bias = this.#weights.get(`${name}/bias`)!
    const rows = this.#table(`${name}/weight`, bias.length)
    return input.map((row) => rows.map((weights, output) => dot(row, weights) + bias[output]!))
  }

  #norm(input: Rows, name: string): Rows {
    const gamma = this.#weights.get(`${name}/gamma`)!
    const beta = this.#weights.get(`${name}/beta`)!
    return input.map((row) => {
      const mean = sum(row) / row.length
      const variance = sum(row.map((value) => (value - mean) ** 2)) / row.length
      const factor = 1 / Math.sqrt(variance + 1e-5)
      return row.map((value, at) => (value - mean) * factor * gamma[at]! + beta[at]!)
    })
  }

  /** A convolution over 3 columns with a margin of 1, then Gelu. Rows are channels. */
  #convolve(input: Rows, name: string, stride: number): Rows {
    const weight = this.#weights.get(`${name}/weight`)!
    const bias = this.#weights.get(`${name}/bias`)!
    const length = input[0]!.length / stride
    return Array.from(bias, (offset, output) =>
      Array.from({ length }, (_, column) => {
        let value = offset
        for (let channel = 0; channel < input.length; channel++) {
          for (let tap = 0; tap < 3; tap++) {
            const sample = input[channel]![column * stride + tap - 1] ?? 0
            value += sample * weight[(output * input.length + channel) * 3 + tap]!
          }
        }
        return gelu(value)
      }),
    )
  }

  #table(name: string, rows: number): Rows {
    const data = this.#weights.get(name)!
    const width = name.endsWith('encodings') ? this.#config.width : data.length / rows
    return Array.from({ length: rows }, (_, row) => [
      ...data.subarray(row * width, (row + 1) * width),
    ])
  }
}

/** Attention of all heads; `weights` [head][query][key] after the softmax. */
function attend(
  queries: Rows,
  keys: Rows,
  values: Rows,
  causal: boolean,
): { values: Rows; weights: readonly Rows[] } {
  const heads = queries[0]!.length / HEAD
  const part = (rows: Rows, head: number): Rows =>
    rows.map((row) => row.slice(head * HEAD, (head + 1) * HEAD))
  const weights: Rows[] = []
  const mixed: number[][] = queries.map(() => [])
  for (let head = 0; head < heads; head++) {
    const headKeys = part(keys, head)
    const columns = transposed(part(values, head))
    const shares = part(queries, head).map((query, at) =>
      softmax(headKeys.map((key, time) => (causal && time > at ? -Infinity : dot(query, key) / 8))),
    )
    weights.push(shares)
    shares.forEach((row, at) => mixed[at]!.push(...columns.map((column) => dot(row, column))))
  }
  return { values: mixed, weights }
}

/** Columns split into equal parts. */
function thirds(rows: Rows, parts: number): readonly Rows[] {
  const width = rows[0]!.length / parts
  return Array.from({ length: parts }, (_, part) =>
    rows.map((row) => row.slice(part * width, (part + 1) * width)),
  )
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

function dot(a: readonly number[], b: readonly number[]): number {
  let total = 0
  for (let at = 0; at < a.length; at++) total += a[at]! * b[at]!
  return total
}

function added(a: Rows, b: Rows): Rows {
  return a.map((row, at) => row.map((value, column) => value + b[at]![column]!))
}

function transposed(rows: Rows): Rows {
  return rows[0]!.map((_, column) => rows.map((row) => row[column]!))
}

function softmax(scores: readonly number[]): readonly number[] {
  const most = Math.max(...scores)
  const shares = scores.map((score) => Math.exp(score - most))
  const total = sum(shares)
  return shares.map((share) => share / total)
}

function gelu(x: number): number {
  return 0.5 * x * (1 + erf(x / Math.SQRT2))
}

/** The error function by its Taylor series; good to 1e-10 for the sizes that occur here. */
function erf(x: number): number {
  if (Math.abs(x) > 5) return Math.sign(x)
  let term = x
  let total = x
  for (let n = 1; Math.abs(term) > 1e-16; n++) {
    term *= (-x * x) / n
    total += term / (2 * n + 1)
  }
  return (2 / Math.sqrt(Math.PI)) * total
}
