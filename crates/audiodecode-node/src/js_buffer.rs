use std::ptr;
use std::slice;

use audiodecode_pipeline::CancelFlag;
use napi::bindgen_prelude::{JsValue, Unknown};
use napi::{Env, check_status, sys};

use crate::environment::{Loan, Loans};
use crate::js_error::invalid_argument;

/// A typed array's memory, lent to a pool thread.
///
/// The contract with the caller in TypeScript: until the promise settles, the array is private to the native bridge (its own
/// result buffer, or a private copy of the input), or its memory is shared by nature (SharedArrayBuffer). So nobody
/// detaches or frees it, and nobody else's plain memory is written.
pub(crate) struct LentMemory {
    data: *mut u8,
    bytes: usize,
    // Dropped with this, on whatever thread: the environment waits for it.
    _loan: Loan,
}

// SAFETY: the memory is used by one thread at a time, by whichever owns this value; it stays mapped while `_loan` lives.
unsafe impl Send for LentMemory {}

/// Keeps a JavaScript value from being collected. Released on the JavaScript thread, when the promise settles.
pub(crate) struct Pin(sys::napi_ref);

// SAFETY: only carried from the JavaScript thread through the pool back to it; `release` takes that thread's `Env`.
unsafe impl Send for Pin {}

impl Pin {
    pub(crate) fn release(self, env: &Env) {
        // SAFETY: the reference was created by `lend` in this environment and is deleted once, since `self` is consumed.
        // A failure means that the environment is closing, which frees it.
        unsafe { sys::napi_delete_reference(env.raw(), self.0) };
    }
}

impl LentMemory {
    fn lend(
        env: &Env,
        array: &Unknown<'_>,
        kind: sys::napi_typedarray_type,
        element_bytes: usize,
        cancel: &CancelFlag,
    ) -> napi::Result<(Self, Pin)> {
        let (mut found, mut length, mut data) = (-1, 0, ptr::null_mut());
        // SAFETY: `array` is a live value of this environment; every out pointer is valid or null, which the call allows.
        let status = unsafe {
            sys::napi_get_typedarray_info(
                env.raw(),
                array.raw(),
                &mut found,
                &mut length,
                &mut data,
                ptr::null_mut(),
                ptr::null_mut(),
            )
        };
        check_status!(status, "expected a typed array")?;
        if found != kind {
            return Err(invalid_argument("a typed array of another type was expected"));
        }
        let loan = Loans::of(env)?.lend(cancel.clone());
        let mut reference = ptr::null_mut();
        // SAFETY: as above.
        check_status!(unsafe { sys::napi_create_reference(env.raw(), array.raw(), 1, &mut reference) })?;
        Ok((Self { data: data.cast(), bytes: length * element_bytes, _loan: loan }, Pin(reference)))
    }
}

/// A Float32Array to read from or to write to.
pub(crate) struct LentSamples(LentMemory);

impl LentSamples {
    pub(crate) fn lend(env: &Env, array: &Unknown<'_>, cancel: &CancelFlag) -> napi::Result<(Self, Pin)> {
        let (memory, pin) = LentMemory::lend(env, array, sys::TypedarrayType::float32_array, 4, cancel)?;
        Ok((Self(memory), pin))
    }

    pub(crate) fn len(&self) -> usize {
        self.0.bytes / 4
    }

    pub(crate) fn as_slice(&self) -> &[f32] {
        if self.0.bytes == 0 {
            return &[];
        }
        // SAFETY: a Float32Array is aligned to 4 bytes and `bytes` long; it stays mapped, and is a private copy that nobody
        // writes, or shared memory of a caller who has promised not to (see `LentMemory`).
        unsafe { slice::from_raw_parts(self.0.data.cast(), self.len()) }
    }

    pub(crate) fn as_mut_slice(&mut self) -> &mut [f32] {
        if self.0.bytes == 0 {
            return &mut [];
        }
        // SAFETY: a Float32Array is aligned to 4 bytes and `bytes` long; it stays mapped (see `LentMemory`). On a
        // SharedArrayBuffer other threads may read while this writes: JavaScript's memory model gives them some old or new
        // value, and native code never acts on what it reads back.
        unsafe { slice::from_raw_parts_mut(self.0.data.cast(), self.len()) }
    }
}

/// A Uint8Array to read from.
pub(crate) struct LentBytes(LentMemory);

impl LentBytes {
    pub(crate) fn lend(env: &Env, array: &Unknown<'_>, cancel: &CancelFlag) -> napi::Result<(Self, Pin)> {
        let (memory, pin) = LentMemory::lend(env, array, sys::TypedarrayType::uint8_array, 1, cancel)?;
        Ok((Self(memory), pin))
    }

    pub(crate) fn as_slice(&self) -> &[u8] {
        if self.0.bytes == 0 {
            return &[];
        }
        // SAFETY: the memory is `bytes` long, stays mapped, and is a private copy that nobody writes (see `LentMemory`).
        unsafe { slice::from_raw_parts(self.0.data, self.0.bytes) }
    }
}
