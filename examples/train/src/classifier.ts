/** Multinomial logistic regression, learned by Adam; the inputs are scaled by the means and deviations seen so far. */
export class Classifier {
  readonly #classes: number
  readonly #inputs: number
  readonly #weights: Parameters
  readonly #biases: Parameters
  /** Of each input: sum and sum of squares. */
  readonly #sums: Float64Array
  readonly #squares: Float64Array
  #seen = 0
  #steps = 0

  constructor(inputs: number, classes: number) {
    this.#inputs = inputs
    this.#classes = classes
    this.#weights = createParameters(inputs * classes)
    this.#biases = createParameters(classes)
    this.#sums = new Float64Array(inputs)
    this.#squares = new Float64Array(inputs)
  }

  /** Learns from a batch; the mean loss in nats before that. */
  learn(batch: readonly Float32Array[], labels: readonly number[]): number {
    for (const inputs of batch) this.#observe(inputs)
    const weights = new Float64Array(this.#weights.values.length)
    const biases = new Float64Array(this.#classes)
    let loss = 0
    for (const [at, inputs] of batch.entries()) {
      const scaled = this.#scale(inputs)
      const probabilities = this.#probabilities(scaled)
      const label = labels[at]!
      loss -= Math.log(probabilities[label]!) / batch.length
      for (let one = 0; one < this.#classes; one++) {
        const error = (probabilities[one]! - (one === label ? 1 : 0)) / batch.length
        biases[one]! += error
        for (let input = 0; input < this.#inputs; input++) {
          weights[one * this.#inputs + input]! += error * scaled[input]!
        }
      }
    }
    this.#steps++
    adam(this.#weights, weights, this.#steps)
    adam(this.#biases, biases, this.#steps)
    return loss
  }

  /** The likeliest class. */
  predict(inputs: Float32Array): number {
    const probabilities = this.#probabilities(this.#scale(inputs))
    return probabilities.indexOf(Math.max(...probabilities))
  }

  #observe(inputs: Float32Array): void {
    this.#seen++
    for (const [input, value] of inputs.entries()) {
      this.#sums[input]! += value
      this.#squares[input]! += value * value
    }
  }

  #scale(inputs: Float32Array): Float64Array {
    return Float64Array.from(inputs, (value, input) => {
      const mean = this.#sums[input]! / this.#seen
      const variance = this.#squares[input]! / this.#seen - mean * mean
      return (value - mean) / Math.sqrt(Math.max(variance, 1e-6))
    })
  }

  #probabilities(scaled: Float64Array): number[] {
    const scores = Array.from({ length: this.#classes }, (_, one) => {
      let score = this.#biases.values[one]!
      for (let input = 0; input < this.#inputs; input++) {
        score += this.#weights.values[one * this.#inputs + input]! * scaled[input]!
      }
      return score
    })
    const highest = Math.max(...scores)
    const powers = scores.map((score) => Math.exp(score - highest))
    const sum = powers.reduce((total, power) => total + power, 0)
    return powers.map((power) => power / sum)
  }
}

interface Parameters {
  readonly values: Float64Array
  readonly first: Float64Array
  readonly second: Float64Array
}

function createParameters(length: number): Parameters {
  return {
    values: new Float64Array(length),
    first: new Float64Array(length),
    second: new Float64Array(length),
  }
}

const RATE = 0.01

/** A step of Adam (Kingma and Ba, 2015), with its usual constants. */
function adam({ values, first, second }: Parameters, gradient: Float64Array, step: number): void {
  for (const [at, slope] of gradient.entries()) {
    first[at] = 0.9 * first[at]! + 0.1 * slope
    second[at] = 0.999 * second[at]! + 0.001 * slope * slope
    const mean = first[at]! / (1 - 0.9 ** step)
    const size = Math.sqrt(second[at]! / (1 - 0.999 ** step))
    values[at]! -= (RATE * mean) / (size + 1e-8)
  }
}
