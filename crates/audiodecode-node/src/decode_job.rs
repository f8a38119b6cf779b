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
use crate::move_samples::move_samples;
use crate::pool::{Pool, drop_elsewhere};
use crate::promise::promise;
use crate::{CancelToken, NativeReport, NativeRequest};

/// One decode of a range, in two or three steps, so that JavaScript allocates every buffer: the plan says how long the result
/// will be; `run` fills a buffer of that length; when the file turns out to be longer or shorter, or the plan could not say,
/// `copyInto` moves the samples to a buffer of the true length.
#[napi]
pub struct NativeDecode {
    plan: Plan,
    threads: usize,
    state: Arc<Mutex<State>>,
}

enum State {
    Ready { file: Arc<OpenFile>, request: Box<DecodeRequest> },
    Spilled(Spilled),
    Used,
}

/// Samples that wait for a buffer of the right length.
struct Spilled {
    /// Frames of every plane that lie in the planned buffer.
    in_planned: usize,
    /// Those behind them.
    beyond: Vec<Vec<f32>>,
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

    /// Whether an undamaged file is certain to give as many.
    #[napi(getter)]
    pub fn frames_exact(&self) -> bool {
        self.plan.frames_exact
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
                Decoded::Owned(beyond) => spill(&state, 0, beyond),
                Decoded::Partly { frames, beyond } => spill(&state, frames, beyond),
            };
            Ok((frames, spilled, report))
        };
        promise(env, &cancel, pins, work, |_, (frames, spilled, report)| {
            Ok(DecodeOutcome { frames: frames as f64, spilled, report: report.into() })
        })
    }

    /// Moves what did not fit into `out`, which holds at least channels × frames samples. `planned` is the buffer that `run` was
    /// given, memory of its own; it holds nothing afterwards.
    #[napi(ts_return_type = "Promise<void>")]
    pub fn copy_into<'env>(
        &self,
        env: &'env Env,
        #[napi(ts_arg_type = "Float32Array")] out: Unknown<'_>,
        #[napi(ts_arg_type = "Float32Array | undefined | null")] planned: Option<Unknown<'_>>,
        token: Option<&CancelToken>,
    ) -> napi::Result<Object<'env>> {
        let cancel = CancelToken::flag(token);
        let (mut planned, mut pins) = lend(env, planned, &cancel)?;
        let (mut out, pin) = LentSamples::lend(env, &out, &cancel)?;
        pins.push(pin);
        let (state, stride) = (self.state.clone(), self.plan.frames.unwrap_or(0) as usize);
        let work = move || {
            let State::Spilled(spilled) = take(&state) else {
                return Err(Error::new(ErrorKind::InvalidArgument, "there is nothing to copy"));
            };
            let planned = planned.as_mut().map_or(&mut [][..], LentSamples::as_mut_slice);
            move_planes(spilled, planned, stride, out.as_mut_slice())
        };
        promise(env, &cancel, pins, work, |_, ()| Ok(()))
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

/// Keeps what waits for `copyInto`, and says how many frames the result has.
fn spill(state: &Mutex<State>, in_planned: usize, beyond: Vec<Vec<f32>>) -> (usize, bool) {
    let frames = in_planned + beyond.first().map_or(0, Vec::len);
    let spilled = State::Spilled(Spilled { in_planned, beyond });
    *state.lock().unwrap_or_else(PoisonError::into_inner) = spilled;
    (frames, true)
}

fn move_planes(spilled: Spilled, planned: &mut [f32], stride: usize, out: &mut [f32]) -> Result<()> {
    let Spilled { in_planned, beyond } = spilled;
    let needed: usize = beyond.iter().map(|plane| in_planned + plane.len()).sum();
    if needed > out.len() {
        let message = format!("the buffer holds {} samples, {needed} are needed", out.len());
        return Err(Error::new(ErrorKind::InvalidArgument, message));
    }
    let mut rest = out;
    for (index, mut plane) in beyond.into_iter().enumerate() {
        let (head, after) = rest.split_at_mut(in_planned);
        let (tail, after) = after.split_at_mut(plane.len());
        rest = after;
        if in_planned > 0 {
            let Some(from) = planned.get_mut(index * stride..index * stride + in_planned) else {
                return Err(Error::new(ErrorKind::InvalidArgument, "the planned buffer is not there"));
            };
            move_samples(from, head);
        }
        move_samples(&mut plane, tail);
    }
    Ok(())
}
