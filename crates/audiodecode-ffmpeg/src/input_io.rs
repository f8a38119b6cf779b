use std::ffi::{c_int, c_void};
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use audiodecode_pipeline::{CancelFlag, Error, Input, Result};

use crate::errors::{END, EXIT, INVALID, IO};

/// Whence of a seek that asks for the size instead.
const SEEK_SIZE: c_int = 0x10000;
/// Added to whence by callers that do not mind a slow seek.
const SEEK_FORCE: c_int = 0x20000;

/// The only bytes that FFmpeg gets to see, and the flag that stops it. FFmpeg holds a pointer to it and calls back from inside
/// its own functions, so everything in it can be changed through a shared reference.
pub(crate) struct InputIo {
    input: Input,
    position: AtomicU64,
    cancel: Mutex<CancelFlag>,
    failure: Mutex<Option<io::Error>>,
}

impl InputIo {
    pub(crate) fn new(input: Input, cancel: CancelFlag) -> Self {
        Self { input, position: AtomicU64::new(0), cancel: Mutex::new(cancel), failure: Mutex::new(None) }
    }

    pub(crate) fn set_cancel(&self, cancel: CancelFlag) {
        *self.cancel.lock().unwrap_or_else(PoisonError::into_inner) = cancel;
    }

    pub(crate) fn is_cancelled(&self) -> bool {
        self.cancel.lock().unwrap_or_else(PoisonError::into_inner).is_cancelled()
    }

    /// The error behind a failure that FFmpeg reports: a cancellation, or what the operating system said.
    pub(crate) fn check(&self) -> Result<()> {
        self.cancel.lock().unwrap_or_else(PoisonError::into_inner).check()?;
        match self.failure.lock().unwrap_or_else(PoisonError::into_inner).take() {
            Some(failure) => Err(Error::from(failure)),
            None => Ok(()),
        }
    }

    fn read(&self, buffer: &mut [u8]) -> c_int {
        if self.is_cancelled() {
            return EXIT;
        }
        let position = self.position.load(Ordering::Relaxed);
        match self.input.read_at(position, buffer) {
            Ok(0) => END,
            Ok(count) => {
                self.position.store(position.saturating_add(count as u64), Ordering::Relaxed);
                c_int::try_from(count).unwrap_or(c_int::MAX)
            }
            Err(failure) => {
                *self.failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(failure);
                IO
            }
        }
    }

    fn seek(&self, offset: i64, whence: c_int) -> i64 {
        let len = self.input.len();
        let base = match whence & !SEEK_FORCE {
            SEEK_SIZE => return i64::try_from(len).unwrap_or(i64::MAX),
            0 => 0,
            1 => self.position.load(Ordering::Relaxed),
            2 => len,
            _ => return i64::from(INVALID),
        };
        match base.checked_add_signed(offset).and_then(|target| i64::try_from(target).ok()) {
            Some(target) => {
                self.position.store(target.unsigned_abs(), Ordering::Relaxed);
                target
            }
            None => i64::from(INVALID),
        }
    }
}

/// `read_packet` of an AVIOContext whose `opaque` is an [`InputIo`]. Nothing in it can panic.
pub(crate) unsafe extern "C" fn read_packet(opaque: *mut c_void, buffer: *mut u8, size: c_int) -> c_int {
    let Ok(size) = usize::try_from(size) else { return INVALID };
    if opaque.is_null() || buffer.is_null() || size == 0 {
        return INVALID;
    }
    // SAFETY: `opaque` is the InputIo that the container keeps alive until the AVIOContext is freed.
    let io = unsafe { &*opaque.cast::<InputIo>() };
    // SAFETY: FFmpeg lends `size` writable bytes for the length of this call; reading a file does not look at them.
    io.read(unsafe { std::slice::from_raw_parts_mut(buffer, size) })
}

/// `seek` of such an AVIOContext.
pub(crate) unsafe extern "C" fn seek(opaque: *mut c_void, offset: i64, whence: c_int) -> i64 {
    if opaque.is_null() {
        return i64::from(INVALID);
    }
    // SAFETY: as in `read_packet`.
    unsafe { &*opaque.cast::<InputIo>() }.seek(offset, whence)
}

/// Interrupt callback: not 0 stops what FFmpeg does.
pub(crate) unsafe extern "C" fn interrupt(opaque: *mut c_void) -> c_int {
    // SAFETY: as in `read_packet`.
    c_int::from(!opaque.is_null() && unsafe { &*opaque.cast::<InputIo>() }.is_cancelled())
}

#[cfg(test)]
#[allow(clippy::expect_used)]
mod tests {
    use super::*;
    use audiodecode_pipeline::ErrorKind;

    fn ten_bytes() -> InputIo {
        InputIo::new(Input::from_bytes((0..10u8).collect::<Vec<_>>()), CancelFlag::default())
    }

    #[test]
    fn reads_go_on_where_the_last_one_or_a_seek_ended() {
        let io = ten_bytes();
        let mut buffer = [0; 4];
        assert_eq!(io.read(&mut buffer), 4);
        assert_eq!((io.seek(2, 1), io.read(&mut buffer), buffer), (6, 4, [6, 7, 8, 9]));
        assert_eq!(io.read(&mut buffer), END);
        assert_eq!((io.seek(-3, 2), io.read(&mut buffer)), (7, 3));
        assert_eq!((io.seek(1, SEEK_FORCE), io.read(&mut buffer), buffer[0]), (1, 4, 1));
    }

    #[test]
    fn the_size_is_told_and_a_place_before_the_start_refused() {
        let io = ten_bytes();
        assert_eq!(io.seek(0, SEEK_SIZE), 10);
        assert_eq!(io.seek(-1, 0), i64::from(INVALID));
        assert_eq!(io.seek(i64::MIN, 2), i64::from(INVALID));
        assert_eq!(io.seek(0, 7), i64::from(INVALID));
        // Beyond the end is a place; there is nothing to read there.
        assert_eq!((io.seek(i64::MAX, 0), io.read(&mut [0; 4])), (i64::MAX, END));
    }

    #[test]
    fn a_cancelled_read_gives_nothing_and_says_why() {
        let io = ten_bytes();
        let flag = CancelFlag::default();
        io.set_cancel(flag.clone());
        flag.cancel();
        assert_eq!(io.read(&mut [0; 4]), EXIT);
        assert_eq!(io.check().expect_err("cancelled").kind(), ErrorKind::Cancelled);
    }
}
