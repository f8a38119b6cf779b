//! Addon of `@audiodecode/whisper`: glue only.

mod cross;
mod encoder;
mod step;
mod words;

use std::path::Path;

use audiodecode_whisper_int8::{Caches, Decoder, DecoderWeights, Processor};
use napi::bindgen_prelude::{Float32Array, Uint32Array};
use napi::{Error, Result};
use napi_derive::napi;

use cross::NativeCross;
use step::{NativeScores, NativeStep};
use words::{NativeLooks, NativePath};

/// Version of the addon, which is that of the package.
#[napi]
pub fn version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}

/// Makes row i of caches `[length, rows, width]` what row `sources[i]` was, from token `firsts[i]` on.
#[napi(catch_unwind)]
pub fn reorder_rows(
    mut caches: Vec<Float32Array>,
    length: u32,
    width: u32,
    sources: Uint32Array,
    firsts: Uint32Array,
) -> Result<()> {
    // SAFETY: as in `run`.
    let buffers = caches.iter_mut().map(|cache| unsafe { cache.as_mut() }).collect();
    let size = (length as usize, width as usize);
    audiodecode_whisper_int8::reorder_rows(&mut Caches { buffers }, size, &sources, &firsts)
        .map_err(|error| Error::from_reason(error.to_string()))
}

/// Which frame each token of a text is said in.
#[napi(catch_unwind)]
pub fn align_tokens(looks: NativeLooks) -> Result<NativePath> {
    let path = audiodecode_whisper_int8::align_tokens(&looks.all());
    path.map(NativePath::from).map_err(|error| Error::from_reason(error.to_string()))
}

/// A decoder in 8-bit numbers.
#[napi]
pub struct NativeDecoder {
    decoder: Decoder,
}

#[napi]
impl NativeDecoder {
    /// Reads the weights and starts the threads, the calling one among them.
    #[napi(constructor, catch_unwind)]
    pub fn new(path: String, threads: u32) -> Result<Self> {
        let weights =
            DecoderWeights::read(Path::new(&path)).map_err(|error| Error::from_reason(error.to_string()))?;
        Ok(Self { decoder: Decoder::new(weights, threads as usize, Processor::detect()) })
    }

    /// Memory for so many windows of audio.
    #[napi(catch_unwind)]
    pub fn cross_memory(&self, slots: u32) -> NativeCross {
        NativeCross { memory: self.decoder.cross_memory(slots as usize) }
    }

    /// One step, on the calling thread and its helpers. Keys and values are written into `caches`.
    #[napi(catch_unwind)]
    pub fn run(
        &mut self,
        step: NativeStep,
        mut caches: Vec<Float32Array>,
        cross: &NativeCross,
    ) -> Result<NativeScores> {
        // SAFETY: nothing else runs on the thread that the arrays belong to until this returns, and no array is given twice.
        let buffers = caches.iter_mut().map(|cache| unsafe { cache.as_mut() }).collect();
        let scores = self.decoder.run(&step.of(&cross.memory), &mut Caches { buffers });
        scores.map(NativeScores::from).map_err(|error| Error::from_reason(error.to_string()))
    }
}
