//! The computations that JavaScript calls; each fills arrays that it allocated.

use audiodecode_dsp::{Columns, Decibels, Stft, WhisperLogMel, loudest};
use audiodecode_node::{CancelToken, Computation};
use audiodecode_pipeline::{CancelFlag, Error, ErrorKind, Result};
use napi::Env;
use napi::bindgen_prelude::{Object, Unknown};
use napi_derive::napi;

use crate::fill::{Threads, fill, fill_parts, misfit};
use crate::options::{NativeDecibels, NativeFrames, NativeMel};
use crate::planes::{in_stretches, parts, signals, split};
use crate::prepared::{PreparedMel, prepared_cepstrum, prepared_mel};

/// The short-time Fourier transform of every channel: `samples` hold one after the other, `re` and `im` the matrices.
#[napi(ts_return_type = "Promise<void>")]
pub fn stft<'env>(
    env: &'env Env,
    #[napi(ts_arg_type = "Float32Array")] samples: Unknown<'_>,
    #[napi(ts_arg_type = "Float32Array")] re: Unknown<'_>,
    #[napi(ts_arg_type = "Float32Array")] im: Unknown<'_>,
    frames: NativeFrames,
    token: Option<&CancelToken>,
) -> napi::Result<Object<'env>> {
    audiodecode_node::compute(env, &samples, &[re, im], token, move |computation| {
        let Computation { samples, mut outputs, cancel, budget } = computation;
        let threads = Threads { most: frames.threads as usize, budget, cancel };
        let (Some(im), Some(re)) = (outputs.pop(), outputs.pop()) else { return Err(misfit()) };
        let transform = Stft::new(frames.framing(), frames.win_length as usize);
        let signals = signals(samples, &frames, cancel)?;
        let (re, im) = (split(re, signals.len())?, split(im, signals.len())?);
        for ((signal, re), im) in signals.into_iter().zip(re).zip(im) {
            let (bins, steps) = (transform.rows() / 2, frames.n_fft as usize);
            let parts = parts(re, bins, &frames, steps)?.above(parts(im, bins, &frames, steps)?);
            fill(&transform, signal, parts, threads)?;
        }
        Ok(())
    })
}

/// The mel spectrogram of every channel, in decibels when asked for. Resolves to the number of filters without a bin.
#[napi(ts_return_type = "Promise<number>")]
pub fn mel<'env>(
    env: &'env Env,
    #[napi(ts_arg_type = "Float32Array")] samples: Unknown<'_>,
    #[napi(ts_arg_type = "Float32Array")] out: Unknown<'_>,
    frames: NativeFrames,
    mel: NativeMel,
    decibels: Option<NativeDecibels>,
    token: Option<&CancelToken>,
) -> napi::Result<Object<'env>> {
    audiodecode_node::compute(env, &samples, &[out], token, move |computation| {
        let Computation { samples, mut outputs, cancel, budget } = computation;
        let threads = Threads { most: frames.threads as usize, budget, cancel };
        let prepared = prepared_mel(&mel, &frames, decibels.as_ref());
        let PreparedMel { spectrogram, empty } = &*prepared;
        let signals = signals(samples, &frames, cancel)?;
        let matrices = split(outputs.pop().ok_or_else(misfit)?, signals.len())?;
        for (signal, matrix) in signals.into_iter().zip(matrices) {
            fill(
                spectrogram,
                signal,
                parts(matrix, spectrogram.rows(), &frames, frames.n_fft as usize)?,
                threads,
            )?;
            if let Some(top) = decibels.as_ref().and_then(|decibels| decibels.top_db) {
                bound(matrix, top, cancel)?;
            }
        }
        Ok(*empty)
    })
}

/// Mel-frequency cepstral coefficients of every channel. Resolves to the number of filters without a bin.
#[napi(ts_return_type = "Promise<number>")]
#[allow(clippy::too_many_arguments, reason = "an object for two numbers would be no clearer")]
pub fn mfcc<'env>(
    env: &'env Env,
    #[napi(ts_arg_type = "Float32Array")] samples: Unknown<'_>,
    #[napi(ts_arg_type = "Float32Array")] out: Unknown<'_>,
    frames: NativeFrames,
    mel: NativeMel,
    decibels: NativeDecibels,
    coefficients: u32,
    lifter: f64,
    token: Option<&CancelToken>,
) -> napi::Result<Object<'env>> {
    audiodecode_node::compute(env, &samples, &[out], token, move |computation| {
        let Computation { samples, mut outputs, cancel, budget } = computation;
        let threads = Threads { most: frames.threads as usize, budget, cancel };
        let prepared = prepared_mel(&mel, &frames, Some(&decibels));
        let PreparedMel { spectrogram, empty } = &*prepared;
        let (mels, columns) = (spectrogram.rows(), frames.frames as usize);
        let cepstrum = prepared_cepstrum(mels, coefficients as usize, lifter);
        let signals = signals(samples, &frames, cancel)?;
        let matrices = split(outputs.pop().ok_or_else(misfit)?, signals.len())?;
        let mut log_mel = zeros(mels * columns)?;
        for (signal, matrix) in signals.into_iter().zip(matrices) {
            fill(spectrogram, signal, parts(&mut log_mel, mels, &frames, frames.n_fft as usize)?, threads)?;
            if let Some(top) = decibels.top_db {
                bound(&mut log_mel, top, cancel)?;
            }
            let rows = coefficients as usize;
            let parts = parts(matrix, rows, &frames, rows * mels)?;
            let transform = |(): &mut (), first: usize, rows: &mut [&mut [f32]]| {
                cepstrum.fill(&log_mel, columns, first, rows)
            };
            fill_parts(parts, threads, || (), transform)?;
        }
        Ok(*empty)
    })
}

/// Whisper's log-mel spectrogram of every channel.
#[napi(ts_return_type = "Promise<void>")]
pub fn whisper_log_mel<'env>(
    env: &'env Env,
    #[napi(ts_arg_type = "Float32Array")] samples: Unknown<'_>,
    #[napi(ts_arg_type = "Float32Array")] out: Unknown<'_>,
    frames: NativeFrames,
    mels: u32,
    token: Option<&CancelToken>,
) -> napi::Result<Object<'env>> {
    audiodecode_node::compute(env, &samples, &[out], token, move |computation| {
        let Computation { samples, mut outputs, cancel, budget } = computation;
        let threads = Threads { most: frames.threads as usize, budget, cancel };
        let features = WhisperLogMel::new(mels as usize);
        let signals = signals(samples, &frames, cancel)?;
        let matrices = split(outputs.pop().ok_or_else(misfit)?, signals.len())?;
        for (signal, matrix) in signals.into_iter().zip(matrices) {
            fill(
                &features,
                signal,
                parts(matrix, features.rows(), &frames, frames.n_fft as usize)?,
                threads,
            )?;
            let loudest = loudest_of(matrix, cancel)?;
            in_stretches(matrix, cancel, |values| WhisperLogMel::normalise(values, loudest))?;
        }
        Ok(())
    })
}

fn bound(matrix: &mut [f32], top_db: f64, cancel: &CancelFlag) -> Result<()> {
    let floor = loudest_of(matrix, cancel)? - top_db as f32;
    in_stretches(matrix, cancel, |values| Decibels::bound(values, floor))
}

fn loudest_of(matrix: &mut [f32], cancel: &CancelFlag) -> Result<f32> {
    let mut largest = f32::NEG_INFINITY;
    in_stretches(matrix, cancel, |values| largest = largest.max(loudest(values)))?;
    Ok(largest)
}

fn zeros(length: usize) -> Result<Vec<f32>> {
    let mut values = Vec::new();
    values.try_reserve_exact(length).map_err(|_| {
        Error::new(ErrorKind::LimitExceeded, format!("there is no memory for {} bytes", 4 * length))
    })?;
    values.resize(length, 0.0);
    Ok(values)
}
