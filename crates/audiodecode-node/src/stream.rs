use std::sync::{Arc, Mutex, TryLockError};

use audiodecode_pipeline::{Chain, Error, ErrorKind, Plan, Result};
use napi::Env;
use napi::bindgen_prelude::{Object, Unknown};
use napi_derive::napi;

use crate::decoder::OpenFile;
use crate::js_buffer::LentSamples;
use crate::pool::drop_elsewhere;
use crate::promise::promise;
use crate::{CancelToken, DecodeOutcome};

struct State {
    file: Arc<OpenFile>,
    chain: Chain,
}

/// A range, read block by block. One read at a time.
#[napi]
pub struct NativeStream {
    plan: Plan,
    state: Arc<Mutex<Option<State>>>,
}

impl NativeStream {
    pub(crate) fn new(file: Arc<OpenFile>, chain: Chain) -> Self {
        Self { plan: chain.plan(), state: Arc::new(Mutex::new(Some(State { file, chain }))) }
    }
}

#[napi]
impl NativeStream {
    /// Channels of every block.
    #[napi(getter)]
    pub fn channels(&self) -> u32 {
        self.plan.channels
    }

    /// Rate of every block in Hz.
    #[napi(getter)]
    pub fn sample_rate(&self) -> u32 {
        self.plan.sample_rate
    }

    /// Fills `out` (channels × blockFrames samples) with the next block. At the end the block is shorter: its planes lie at
    /// the start of `out`, one after the other. 0 frames: there is no more. The report is of the stream so far.
    #[napi(ts_return_type = "Promise<DecodeOutcome>")]
    pub fn read<'env>(
        &self,
        env: &'env Env,
        #[napi(ts_arg_type = "Float32Array")] out: Unknown<'_>,
        token: Option<&CancelToken>,
    ) -> napi::Result<Object<'env>> {
        let cancel = CancelToken::flag(token);
        let (mut out, pin) = LentSamples::lend(env, &out, &cancel)?;
        let (state, flag) = (self.state.clone(), cancel.clone());
        let work = move || {
            let mut state = match state.try_lock() {
                Ok(state) => state,
                Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
                Err(TryLockError::WouldBlock) => {
                    return Err(Error::new(ErrorKind::InvalidArgument, "a read of this stream is under way"));
                }
            };
            // Taken out, so that a stream that failed or panicked cannot be read again.
            let Some(State { file, mut chain }) = state.take() else {
                return Err(Error::new(ErrorKind::Closed, "the stream is closed"));
            };
            chain.set_cancel(flag);
            let frames = read_block(&mut chain, out.as_mut_slice())?;
            let report = chain.report();
            *state = Some(State { file, chain });
            Ok((frames, report))
        };
        promise(env, &cancel, vec![pin], work, |_, (frames, report)| {
            Ok(DecodeOutcome { frames: frames as f64, spilled: false, report: report.into() })
        })
    }

    /// Ends the stream; its source serves the next read of the file.
    #[napi]
    pub fn close(&self) {
        let state = self.state.clone();
        drop_elsewhere(GiveBack(state));
    }
}

struct GiveBack(Arc<Mutex<Option<State>>>);

impl Drop for GiveBack {
    fn drop(&mut self) {
        // Waits for a read that is under way; this runs on a pool thread.
        let mut state = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(State { file, chain }) = state.take() {
            file.give_back(chain.into_source());
        }
    }
}

impl Drop for NativeStream {
    fn drop(&mut self) {
        self.close();
    }
}

fn read_block(chain: &mut Chain, out: &mut [f32]) -> Result<usize> {
    let channels = chain.plan().channels as usize;
    let block = out.len() / channels.max(1);
    if block == 0 {
        return Err(Error::new(ErrorKind::InvalidArgument, "the block must hold at least one frame"));
    }
    let frames = chain.read(&mut out.chunks_exact_mut(block).take(channels).collect::<Vec<_>>())?;
    if frames < block {
        for channel in 1..channels {
            out.copy_within(channel * block..channel * block + frames, channel * frames);
        }
    }
    Ok(frames)
}
