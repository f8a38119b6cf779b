use std::ffi::{c_int, c_void};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};

use audiodecode_pipeline::{CancelFlag, Input};

use crate::ffi::{Count, VirtualIo};

const ID3V1_BYTES: u64 = 128;

/// The file as libsndfile sees it through its callbacks.
pub(crate) struct VirtualFile {
    input: Input,
    position: u64,
    /// Told instead of the true length, see [`claim_length`](Self::claim_length).
    length: u64,
    /// Ends reads once it is set, so that libsndfile gives up wherever it is.
    pub(crate) cancel: CancelFlag,
    /// What the operating system refused since it was last taken.
    pub(crate) failed: Option<io::Error>,
}

impl VirtualFile {
    pub(crate) fn new(input: Input, cancel: CancelFlag) -> Self {
        let length = input.len();
        Self { input, position: 0, length, cancel, failed: None }
    }

    /// Makes the file look longer than it is. Reads still end where it ends, but for the last bytes of the claimed length: that
    /// is where libmpg123 looks for an ID3v1 tag, and it takes a file for a pipe when it cannot.
    pub(crate) fn claim_length(&mut self, length: u64) {
        self.length = length;
    }

    /// Bytes that there really are.
    pub(crate) fn input_length(&self) -> u64 {
        self.input.len()
    }

    /// Bytes of the input behind what was read last.
    pub(crate) fn bytes_left(&self) -> u64 {
        self.input.len().saturating_sub(self.position)
    }

    fn read(&mut self, out: &mut [u8]) -> usize {
        if self.cancel.is_cancelled() || self.failed.is_some() {
            return 0;
        }
        let is_longer = self.length > self.input.len();
        if is_longer && self.length.checked_sub(self.position).is_some_and(|left| left <= ID3V1_BYTES) {
            let count = out.len().min((self.length - self.position) as usize);
            out[..count].fill(0);
            self.position += count as u64;
            return count;
        }
        match self.input.read_at(self.position, out) {
            Ok(count) => {
                self.position += count as u64;
                count
            }
            Err(error) => {
                self.failed = Some(error);
                0
            }
        }
    }

    fn seek(&mut self, offset: Count, whence: c_int) -> Option<u64> {
        let base = match whence {
            0 => 0,
            1 => self.position,
            2 => self.length,
            _ => return None,
        };
        let target = base.checked_add_signed(offset).filter(|&target| target <= Count::MAX as u64)?;
        self.position = target;
        Some(target)
    }
}

/// The callbacks for a [`VirtualFile`] behind the user pointer.
pub(crate) fn callbacks() -> VirtualIo {
    VirtualIo { get_length, seek, read, write, tell }
}

/// Runs `work` on the file behind the pointer. A panic must not reach C, so it becomes `failure`.
fn with_file(user: *mut c_void, failure: Count, work: impl FnOnce(&mut VirtualFile) -> Count) -> Count {
    // SAFETY: libsndfile hands back the pointer that it was opened with, which lives until it is closed, and calls from the
    // thread that called it, which holds no reference to the file meanwhile.
    let file = unsafe { &mut *user.cast::<VirtualFile>() };
    catch_unwind(AssertUnwindSafe(|| work(file))).unwrap_or(failure)
}

extern "C" fn get_length(user: *mut c_void) -> Count {
    with_file(user, 0, |file| Count::try_from(file.length).unwrap_or(Count::MAX))
}

extern "C" fn seek(offset: Count, whence: c_int, user: *mut c_void) -> Count {
    with_file(user, -1, |file| file.seek(offset, whence).map_or(-1, |position| position as Count))
}

extern "C" fn read(out: *mut c_void, length: Count, user: *mut c_void) -> Count {
    let Some(length) = usize::try_from(length).ok().filter(|&length| length > 0 && !out.is_null()) else {
        return 0;
    };
    // SAFETY: libsndfile's buffer has room for the bytes it asks for.
    let out = unsafe { std::slice::from_raw_parts_mut(out.cast::<u8>(), length) };
    with_file(user, 0, |file| file.read(out) as Count)
}

/// Nothing is ever written.
extern "C" fn write(_: *const c_void, _: Count, _: *mut c_void) -> Count {
    0
}

extern "C" fn tell(user: *mut c_void) -> Count {
    with_file(user, -1, |file| file.position as Count)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(bytes: &[u8]) -> VirtualFile {
        VirtualFile::new(Input::from_bytes(bytes), CancelFlag::default())
    }

    #[test]
    fn a_claimed_length_moves_the_end_but_not_what_can_be_read() {
        let mut file = file(b"0123456789");
        file.claim_length(640);
        assert_eq!(file.seek(-129, 2), Some(511));
        assert_eq!(file.read(&mut [0; 3]), 0);
        assert_eq!(file.seek(-3, 2), Some(637));
        let mut tag = [7; 5];
        assert_eq!((file.read(&mut tag), tag), (3, [0, 0, 0, 7, 7]));
        assert_eq!(file.seek(8, 0), Some(8));
        let mut out = [0; 4];
        assert_eq!((file.read(&mut out), &out[..2]), (2, &b"89"[..]));
        assert_eq!(file.bytes_left(), 0);
    }

    #[test]
    fn seeks_before_the_start_or_beyond_every_file_fail_and_move_nothing() {
        let mut file = file(b"0123456789");
        assert_eq!(file.seek(4, 0), Some(4));
        assert_eq!(file.seek(-5, 1), None);
        assert_eq!(file.seek(Count::MAX, 1), None);
        assert_eq!(file.seek(0, 7), None);
        assert_eq!(file.seek(1, 1), Some(5));
    }

    #[test]
    fn nothing_is_read_once_it_is_cancelled() {
        let mut file = file(b"0123456789");
        file.cancel.cancel();
        assert_eq!(file.read(&mut [0; 3]), 0);
    }
}
