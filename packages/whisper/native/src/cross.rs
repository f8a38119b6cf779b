use audiodecode_whisper_int8::CrossMemory;
use napi_derive::napi;

/// Keys and values of several windows of audio.
#[napi]
pub struct NativeCross {
    pub(crate) memory: CrossMemory,
}

#[napi]
impl NativeCross {
    /// Positions of the window in this place; 0 where there is none.
    #[napi(catch_unwind)]
    pub fn positions(&self, slot: u32) -> u32 {
        u32::try_from(self.memory.positions(slot as usize)).unwrap_or(u32::MAX)
    }

    /// Puts the window of one place into another; what was there is lost.
    #[napi(catch_unwind)]
    pub fn move_slot(&mut self, from: u32, to: u32) {
        self.memory.copy(from as usize, to as usize);
    }
}
