/** Several items as one tensor, zero-padded to the longest. */
export interface AudioBatch<Item> {
  /**
   * The tensor, row-major, filling its ArrayBuffer, which belongs to whoever takes the batch: it can be handed to onnxruntime or
   * TensorFlow.js without a copy, or transferred to a worker.
   */
  readonly data: Float32Array
  /**
   * [batch, channels, frames] of samples; with features [batch, rows, frames], or [batch, channels, rows, frames] when `mono` is
   * false.
   */
  readonly shape: readonly number[]
  /** The true frames of each item; behind them are zeros. */
  readonly lengths: Int32Array
  /** Which items, by their places in the list. */
  readonly indices: Int32Array
  /** Where in its file each item begins, in seconds: 0, or the beginning of its crop. */
  readonly startSeconds: Float64Array
  /** The items themselves. */
  readonly items: readonly Item[]
}
