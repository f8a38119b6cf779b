use audiodecode_whisper_int8::CrossMemory;
use napi_derive::napi;

/// Keys and values of several windows of audio.
#[napi]
pub struct NativeCross {
    pub(crate) memory: CrossMemory,
}

#[napi]
impl NativeCross {
    /// Puts the window of one place into another; what was there is lost.
    #[napi(catch_unwind)]
    pub fn move_slot(&mut self, from: u32, to: u32) {
        self.memory.copy(from as usize, to as usize);
    }
}
