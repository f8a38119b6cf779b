//! Addon of `@audiodecode/features`: glue only.

mod channels;
mod fill;

use audiodecode_dsp::{ColumnParts, Signal, WhisperLogMel};
use audiodecode_node::{CancelToken, Computation};
use napi::Env;
use napi::bindgen_prelude::{Object, Unknown};
use napi_derive::napi;

use crate::channels::channels;
use crate::fill::{Threads, fill, misfit};

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

/// Whisper's log-mel spectrogram of every channel: `samples` hold one after the other, and `out` the matrices.
#[napi(ts_return_type = "Promise<void>")]
pub fn whisper_log_mel<'env>(
    env: &'env Env,
    #[napi(ts_arg_type = "Float32Array")] samples: Unknown<'_>,
    #[napi(ts_arg_type = "Float32Array")] out: Unknown<'_>,
    channel_count: u32,
    mels: u32,
    threads: u32,
    token: Option<&CancelToken>,
) -> napi::Result<Object<'env>> {
    audiodecode_node::compute(env, &samples, &[out], token, move |computation| {
        let Computation { samples, mut outputs, cancel, budget } = computation;
        let threads = Threads { most: threads as usize, budget, cancel };
        let features = WhisperLogMel::new(mels as usize);
        let output = outputs.pop().ok_or_else(misfit)?;
        let channels = channels(&features, samples, output, channel_count)?;
        for (samples, matrix) in channels.planes {
            let parts = ColumnParts::of_matrix(0, matrix, channels.columns);
            fill(&features, Signal::whole(samples), parts, threads)?;
            WhisperLogMel::normalise(matrix);
        }
        Ok(())
    })
}
