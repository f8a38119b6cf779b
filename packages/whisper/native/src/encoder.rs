use std::path::Path;

use audiodecode_whisper_int8::{Encoder, EncoderWeights, Lent, Processor};
use napi::bindgen_prelude::Float32Array;
use napi::{Error, Result};
use napi_derive::napi;

use crate::cross::NativeCross;

/// An encoder in 8-bit numbers.
#[napi]
pub struct NativeEncoder {
    encoder: Encoder,
}

#[napi]
impl NativeEncoder {
    /// Reads the weights and starts the threads, the calling one among them.
    #[napi(constructor, catch_unwind)]
    pub fn new(path: String, threads: u32) -> Result<Self> {
        let weights =
            EncoderWeights::read(Path::new(&path)).map_err(|error| Error::from_reason(error.to_string()))?;
        Ok(Self { encoder: Encoder::new(weights, threads as usize, Processor::detect()) })
    }

    /// Encodes a spectrogram `[mels, frames]` into a place of `cross`, on the calling thread and its helpers. Of the padding behind short audio
    /// the encoder and the decoder see as many positions as they are lent. Gives what the encoder gives, `[positions, width]`, if `hidden`.
    #[napi(catch_unwind)]
    pub fn encode(
        &mut self,
        mel: Float32Array,
        frames: u32,
        lent: NativeLent,
        cross: &mut NativeCross,
        slot: u32,
        hidden: Option<bool>,
    ) -> Result<Option<Float32Array>> {
        let lent = Lent { encoder: lent.encoder as usize, decoder: lent.decoder as usize };
        let found = self.encoder.encode(&mel, frames as usize, lent, &mut cross.memory, slot as usize);
        let output = found.map_err(|error| Error::from_reason(error.to_string()))?;
        Ok((hidden == Some(true)).then(|| Float32Array::new(output.to_vec())))
    }
}

/// Positions of padding behind short audio that are seen.
#[napi(object, object_to_js = false)]
pub struct NativeLent {
    /// By the encoder.
    pub encoder: u32,
    /// By the decoder.
    pub decoder: u32,
}
