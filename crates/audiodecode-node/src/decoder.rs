use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use audiodecode_pipeline::{
    Chain, DecodeRequest, Error, ErrorKind, Input, OpenOptions, PcmSource, Result, SourceInfo,
};
use napi::Env;
use napi::bindgen_prelude::{Either, Object, Unknown};
use napi_derive::napi;

use crate::js_buffer::LentBytes;
use crate::js_error::to_js;
use crate::pool::drop_elsewhere;
use crate::promise::promise;
use crate::{CancelToken, NativeDecode, NativeInfo, NativeOpenOptions, NativeRequest, NativeStream};

/// What a backend is, seen from here.
pub type OpenFn = fn(&Input, &OpenOptions) -> Result<Box<dyn PcmSource>>;

/// Sources kept for the next read of the same file: each holds its frame index and a few packets.
const MAX_SPARE_SOURCES: usize = 4;

/// An opened file. Every read has a source of its own over the shared input, so reads may overlap.
pub(crate) struct OpenFile {
    input: Input,
    options: OpenOptions,
    open: OpenFn,
    spare: Mutex<Vec<Box<dyn PcmSource>>>,
}

impl OpenFile {
    pub(crate) fn take_source(&self, options: &OpenOptions) -> Result<Box<dyn PcmSource>> {
        let spare = self.spare.lock().unwrap_or_else(PoisonError::into_inner).pop();
        match spare {
            Some(source) => Ok(source),
            None => (self.open)(&self.input, options),
        }
    }

    pub(crate) fn give_back(&self, mut source: Box<dyn PcmSource>) {
        source.drain_damage();
        let mut spare = self.spare.lock().unwrap_or_else(PoisonError::into_inner);
        if spare.len() < MAX_SPARE_SOURCES {
            spare.push(source);
        }
    }

    /// A chain over a source of its own. Stopped by the request's flag.
    pub(crate) fn chain(&self, request: DecodeRequest) -> Result<Chain> {
        let options = OpenOptions { cancel: request.cancel.clone(), ..self.options.clone() };
        Chain::new(self.take_source(&options)?, request)
    }
}

/// A file opened once and read many times.
#[napi]
pub struct NativeDecoder {
    file: Option<Arc<OpenFile>>,
    info: SourceInfo,
}

/// Opens a path, or bytes that nobody else changes before the promise settles; they are copied.
///
/// An addon exports this with its own `open`. The promise rejects with an error that has `code`.
pub fn open_decoder<'env>(
    env: &'env Env,
    source: Either<String, Unknown<'_>>,
    options: NativeOpenOptions,
    token: Option<&CancelToken>,
    open: OpenFn,
) -> napi::Result<Object<'env>> {
    let cancel = CancelToken::flag(token);
    let mut pins = Vec::new();
    let place = match source {
        Either::A(path) => Place::Path(path),
        Either::B(array) => {
            let (bytes, pin) = LentBytes::lend(env, &array, &cancel)?;
            pins.push(pin);
            Place::Bytes(bytes)
        }
    };
    let scan = options.scan;
    let options = options.with_cancel(cancel.clone());
    let work = move || {
        let input = place.into_input(&options)?;
        let mut source = open(&input, &options)?;
        if scan {
            source.scan()?;
        }
        let info = source.info().clone();
        let file = OpenFile { input, options, open, spare: Mutex::new(vec![source]) };
        Ok(NativeDecoder { file: Some(Arc::new(file)), info })
    };
    promise(env, &cancel, pins, work, |_, decoder| Ok(decoder))
}

enum Place {
    Path(String),
    Bytes(LentBytes),
}

impl Place {
    fn into_input(self, options: &OpenOptions) -> Result<Input> {
        let limit = options.limits.max_input_bytes;
        let check = |bytes: u64| {
            if bytes <= limit {
                return Ok(());
            }
            Err(Error::limit(format!("{bytes} bytes of input exceed the limit of {limit} (maxInputBytes)")))
        };
        match self {
            Self::Path(path) => {
                let input = Input::open(Path::new(&path))?;
                check(input.len())?;
                Ok(input)
            }
            Self::Bytes(bytes) => {
                check(bytes.as_slice().len() as u64)?;
                Ok(Input::from_bytes(bytes.as_slice()))
            }
        }
    }
}

#[napi]
impl NativeDecoder {
    /// What the file is, as known when it was opened.
    #[napi(getter)]
    pub fn info(&self) -> NativeInfo {
        NativeInfo::from(&self.info)
    }

    /// Says how long a decode of this range will be. Checks the limits; the file is not touched.
    #[napi]
    pub fn prepare(&self, env: &Env, request: NativeRequest) -> napi::Result<NativeDecode> {
        let file = self.file.clone().ok_or_else(closed);
        file.and_then(|file| NativeDecode::new(file, &self.info, request)).map_err(|error| to_js(env, &error))
    }

    /// Makes everything ready to decode a range in blocks.
    #[napi(ts_return_type = "Promise<NativeStream>")]
    pub fn open_stream<'env>(
        &self,
        env: &'env Env,
        request: NativeRequest,
        token: Option<&CancelToken>,
    ) -> napi::Result<Object<'env>> {
        let cancel = CancelToken::flag(token);
        let (file, flag) = (self.file.clone(), cancel.clone());
        let work = move || {
            let file = file.ok_or_else(closed)?;
            let chain = file.chain(request.with_cancel(flag))?;
            Ok(NativeStream::new(file, chain))
        };
        promise(env, &cancel, Vec::new(), work, |_, stream| Ok(stream))
    }

    /// Lets the file go once the reads that run are over. Later calls reject with ERR_CLOSED.
    #[napi]
    pub fn close(&mut self) {
        if let Some(file) = self.file.take() {
            drop_elsewhere(file);
        }
    }
}

impl Drop for NativeDecoder {
    fn drop(&mut self) {
        self.close();
    }
}

fn closed() -> Error {
    Error::new(ErrorKind::Closed, "the decoder is closed")
}
