//! Addon of `@audiodecode/features`: glue only.

mod fill;
pub mod options;
mod planes;
mod prepared;
pub mod spectrograms;

use audiodecode_dsp::Delta;
use napi::bindgen_prelude::Float32Array;
use napi_derive::napi;

/// How many threads work at the same time.
#[napi]
pub fn set_threads(threads: u32) {
    audiodecode_node::set_threads(threads);
}

/// Version of the addon, which is that of the package.
#[napi]
pub fn version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}

/// Derivatives along the rows of `columns` values, at once, on the calling thread.
#[napi]
pub fn delta(values: Float32Array, columns: u32, width: u32, order: u32) -> Float32Array {
    let (delta, mut derivatives) = (Delta::new(width as usize, order as usize), vec![0.0; values.len()]);
    let columns = columns.max(1) as usize;
    for (row, derivative) in values.chunks_exact(columns).zip(derivatives.chunks_exact_mut(columns)) {
        delta.fill(row, derivative);
    }
    Float32Array::new(derivatives)
}
