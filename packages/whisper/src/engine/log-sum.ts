/** The highest of `values[from..to]`; -Infinity where there are none. */
export function maximum(values: Float32Array, from: number, to: number): number {
  let most = -Infinity
  for (let index = from; index < to; index++) most = Math.max(most, values[index] ?? -Infinity)
  return most
}

/** Logarithm of the sum of the exponentials of `values[from..to]`; -Infinity where there are none. */
export function logSum(values: Float32Array, from: number, to: number): number {
  const most = maximum(values, from, to)
  if (most === -Infinity) return most
  let sum = 0
  for (let index = from; index < to; index++) sum += Math.exp((values[index] ?? -Infinity) - most)
  return most + Math.log(sum)
}

/** Logarithm of the sum of two numbers given by their logarithms. */
export function addLogs(a: number, b: number): number {
  const most = Math.max(a, b)
  return most === -Infinity ? most : most + Math.log(Math.exp(a - most) + Math.exp(b - most))
}
