use audiodecode_pipeline::{CancelFlag, Result, ThreadBudget};
use napi::Env;
use napi::bindgen_prelude::{Object, ToNapiValue, Unknown};

use crate::CancelToken;
use crate::huge_pages::advise_huge_pages;
use crate::js_buffer::LentSamples;
use crate::pool::Pool;
use crate::promise::promise;

/// What a computation on a thread of the pool has at hand.
#[derive(Debug)]
pub struct Computation<'a> {
    /// The samples to read.
    pub samples: &'a [f32],
    /// The arrays to fill.
    pub outputs: Vec<&'a mut [f32]>,
    /// To be looked at every few milliseconds.
    pub cancel: &'a CancelFlag,
    /// Where more threads can be had.
    pub budget: &'static dyn ThreadBudget,
}

/// Runs `work` on the pool, off the main thread, with the memory of Float32Arrays that nobody else uses before the promise
/// settles. The arrays must not overlap. The promise resolves to what `work` gives, or rejects with an error that has `code`.
pub fn compute<'env, T>(
    env: &'env Env,
    samples: &Unknown<'_>,
    outputs: &[Unknown<'_>],
    token: Option<&CancelToken>,
    work: impl FnOnce(Computation<'_>) -> Result<T> + Send + 'static,
) -> napi::Result<Object<'env>>
where
    T: ToNapiValue + Send + 'static,
{
    let cancel = CancelToken::flag(token);
    let (samples, pin) = LentSamples::lend(env, samples, &cancel)?;
    let mut pins = vec![pin];
    let mut lent = Vec::with_capacity(outputs.len());
    for output in outputs {
        let (output, pin) = LentSamples::lend(env, output, &cancel)?;
        lent.push(output);
        pins.push(pin);
    }
    let flag = cancel.clone();
    let work = move || {
        flag.check()?;
        let mut outputs: Vec<&mut [f32]> = lent.iter_mut().map(LentSamples::as_mut_slice).collect();
        outputs.iter_mut().for_each(|output| advise_huge_pages(output));
        let samples = samples.as_slice();
        work(Computation { samples, outputs, cancel: &flag, budget: Pool::shared() })
    };
    promise(env, &cancel, pins, work, |_, value| Ok(value))
}
