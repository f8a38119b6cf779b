use audiodecode_whisper_int8::CrossMemory;
use napi::bindgen_prelude::Float32Array;
use napi::{Error, Result};
use napi_derive::napi;

/// Keys and values of several windows of audio.
#[napi]
pub struct NativeCross {
    pub(crate) memory: CrossMemory,
}

#[napi]
impl NativeCross {
    /// Puts a window into a place: keys `[heads, 64, positions]` and values `[heads, positions, 64]` of each layer.
    #[napi(catch_unwind)]
    pub fn store(&mut self, slot: u32, keys: Vec<Float32Array>, values: Vec<Float32Array>) -> Result<()> {
        let (keys, values): (Vec<&[f32]>, Vec<&[f32]>) =
            (keys.iter().map(|one| &**one).collect(), values.iter().map(|one| &**one).collect());
        self.memory
            .store(slot as usize, &keys, &values)
            .map_err(|error| Error::from_reason(error.to_string()))
    }

    /// Puts the window of one place into another; what was there is lost.
    #[napi(catch_unwind)]
    pub fn move_slot(&mut self, from: u32, to: u32) {
        self.memory.copy(from as usize, to as usize);
    }
}
