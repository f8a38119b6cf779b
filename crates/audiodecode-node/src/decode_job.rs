use std::sync::{Arc, Mutex, PoisonError};

use audiodecode_pipeline::{
    CancelFlag, DecodeRequest, Decoded, Error, ErrorKind, Plan, Result, SourceInfo, Split, decode,
    decode_parallel,
};
use napi::Env;
use napi::bindgen_prelude::{Object, Unknown};
use napi_derive::napi;

use crate::decoder::OpenFile;
use crate::huge_pages::advise_huge_pages;
use crate::js_buffer::LentSamples;
use crate::pool::{Pool, drop_elsewhere};
use crate::promise::promise;
use crate::{CancelToken, NativeReport, NativeRequest};

/// One decode of a range, in two or three steps, so that JavaScript allocates every buffer: the plan says how long the result
/// will be; `run` fills a buffer of that length; when the file turns out to be longer or shorter, or the plan could not say,
/// the samples stay here and `copyInto` fills a buffer of the true length.
#[napi]
pub struct NativeDecode {
    plan: Plan,
    threads: usize,
    state: Arc<Mutex<State>>,
}

enum State {
    Ready { file: Arc<OpenFile>, request: Box<DecodeRequest> },
    Spilled(Vec<Vec<f32>>),
    Used,
}

/// How a decode went.
#[napi(object, object_from_js = false)]
pub struct DecodeOutcome {
    /// Frames of the result.
    pub frames: f64,
    /// Whether they wait for `copyInto` instead of being in `out`.
    pub spilled: bool,
    /// What happened on the way.
    pub report: NativeReport,
}

impl NativeDecode {
    pub(crate) fn new(file: Arc<OpenFile>, info: &SourceInfo, request: NativeRequest) -> Result<Self> {
        let threads = request.threads.max(1) as usize;
        let request = Box::new(request.with_cancel(CancelFlag::default()));
        let plan = Plan::new(info, &request)?;
        Ok(Self { plan, threads, state: Arc::new(Mutex::new(State::Ready { file, request })) })
    }
}

fn take(state: &Mutex<State>) -> State {
    std::mem::replace(&mut *state.lock().unwrap_or_else(PoisonError::into_inner), State::Used)
}

#[napi]
impl NativeDecode {
    /// Channels of the result.
    #[napi(getter)]
    pub fn channels(&self) -> u32 {
        self.plan.channels
    }

    /// Rate of the result in Hz.
    #[napi(getter)]
    pub fn sample_rate(&self) -> u32 {
        self.plan.sample_rate
    }

    /// Frames of the result, as far as known; within the limits.
    #[napi(getter)]
    pub fn frames(&self) -> Option<f64> {
        self.plan.frames.map(|frames| frames as f64)
    }

    /// Decodes. `out` holds at least channels × frames samples, or is absent when `frames` is.
    #[napi(ts_return_type = "Promise<DecodeOutcome>")]
    pub fn run<'env>(
        &self,
        env: &'env Env,
        #[napi(ts_arg_type = "Float32Array | undefined | null")] out: Option<Unknown<'_>>,
        token: Option<&CancelToken>,
    ) -> napi::Result<Object<'env>> {
        let cancel = CancelToken::flag(token);
        let (mut out, pins) = lend(env, out, &cancel)?;
        let (state, plan, threads, flag) = (self.state.clone(), self.plan, self.threads, cancel.clone());
        let work = move || {
            let State::Ready { file, request } = take(&state) else {
                return Err(Error::new(ErrorKind::InvalidArgument, "this decode has already run"));
            };
            let mut chain = file.chain(DecodeRequest { cancel: flag, ..*request })?;
            // A source that knows more or less of the file than the one that the plan was made from needs another buffer.
            let out = out.as_mut().filter(|_| chain.plan().frames == plan.frames);
            let decoded = match out.map(LentSamples::as_mut_slice) {
                Some(out) => {
                    advise_huge_pages(out);
                    decode_parallel(&mut chain, out, Split::among(threads), Pool::shared())?
                }
                None => decode(&mut chain, None)?,
            };
            let report = chain.report();
            file.give_back(chain.into_source());
            let (frames, spilled) = match decoded {
                Decoded::Filled { frames } => (frames, false),
                Decoded::Owned(planes) => {
                    let frames = planes.first().map_or(0, Vec::len);
                    *state.lock().unwrap_or_else(PoisonError::into_inner) = State::Spilled(planes);
                    (frames, true)
                }
            };
            Ok((frames, spilled, report))
        };
        promise(env, &cancel, pins, work, |_, (frames, spilled, report)| {
            Ok(DecodeOutcome { frames: frames as f64, spilled, report: report.into() })
        })
    }

    /// Moves what `run` kept into `out`, which holds at least channels × frames samples.
    #[napi(ts_return_type = "Promise<void>")]
    pub fn copy_into<'env>(
        &self,
        env: &'env Env,
        #[napi(ts_arg_type = "Float32Array")] out: Unknown<'_>,
        token: Option<&CancelToken>,
    ) -> napi::Result<Object<'env>> {
        let cancel = CancelToken::flag(token);
        let (mut out, pin) = LentSamples::lend(env, &out, &cancel)?;
        let state = self.state.clone();
        let work = move || {
            let State::Spilled(planes) = take(&state) else {
                return Err(Error::new(ErrorKind::InvalidArgument, "there is nothing to copy"));
            };
            copy_planes(planes, out.as_mut_slice())
        };
        promise(env, &cancel, vec![pin], work, |_, ()| Ok(()))
    }
}

impl Drop for NativeDecode {
    fn drop(&mut self) {
        match take(&self.state) {
            State::Used => {}
            state => drop_elsewhere(state),
        }
    }
}

fn lend(
    env: &Env,
    out: Option<Unknown<'_>>,
    cancel: &audiodecode_pipeline::CancelFlag,
) -> napi::Result<(Option<LentSamples>, Vec<crate::js_buffer::Pin>)> {
    match out {
        None => Ok((None, Vec::new())),
        Some(array) => {
            let (samples, pin) = LentSamples::lend(env, &array, cancel)?;
            Ok((Some(samples), vec![pin]))
        }
    }
}

fn copy_planes(planes: Vec<Vec<f32>>, out: &mut [f32]) -> Result<()> {
    let needed: usize = planes.iter().map(Vec::len).sum();
    if needed > out.len() {
        let message = format!("the buffer holds {} samples, {needed} are needed", out.len());
        return Err(Error::new(ErrorKind::InvalidArgument, message));
    }
    let mut rest = out;
    // Each plane is freed as soon as it is copied.
    for plane in planes {
        let (target, after) = rest.split_at_mut(plane.len());
        target.copy_from_slice(&plane);
        rest = after;
    }
    Ok(())
}
