/** Closes them all when it goes out of scope (`await using`). */
export function closing(resources: readonly AsyncDisposable[]): AsyncDisposable {
  return {
    async [Symbol.asyncDispose]() {
      await Promise.all(resources.map((one) => one[Symbol.asyncDispose]()))
    },
  }
}
