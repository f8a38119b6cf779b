use std::ffi::{CStr, c_char, c_int};
use std::io;
use std::ptr::NonNull;
use std::sync::{Mutex, PoisonError};

use audiodecode_pipeline::{CancelFlag, Error, ErrorKind, Input, Result};

use crate::ffi::{self, SfInfo};
use crate::library::Library;
use crate::virtual_file::{VirtualFile, callbacks};

/// An open `SNDFILE` and the file it reads, closed and freed with it.
pub(crate) struct Handle {
    library: &'static Library,
    raw: NonNull<std::ffi::c_void>,
    file: NonNull<VirtualFile>,
    pub(crate) info: SfInfo,
}

// SAFETY: a SNDFILE has no ties to a thread, every use but reading strings takes `&mut self`, and nothing else has the pointers.
unsafe impl Send for Handle {}

/// libsndfile keeps the error and the log of a failed open in globals, and older versions of libmpg123 set themselves up in
/// them: files are opened one after the other.
static OPENING: Mutex<()> = Mutex::new(());

impl Handle {
    /// Opens, with `claimed_length` in place of the true one if given. Fails as libsndfile says, with `Cancelled`, or with what
    /// the operating system said.
    pub(crate) fn open(
        library: &'static Library,
        input: &Input,
        cancel: &CancelFlag,
        claimed_length: Option<u64>,
    ) -> Result<Self> {
        let mut virtual_file = Box::new(VirtualFile::new(input.clone(), cancel.clone()));
        if let Some(length) = claimed_length {
            virtual_file.claim_length(length);
        }
        let file = NonNull::from(Box::leak(virtual_file));
        let mut io = callbacks();
        let mut info = SfInfo::default();
        let (raw, code, text) = {
            let _one = OPENING.lock().unwrap_or_else(PoisonError::into_inner);
            // SAFETY: the callbacks fit the user pointer, which lives until after `close`; the other two are only used in the call.
            let raw =
                unsafe { (library.open_virtual)(&mut io, ffi::MODE_READ, &mut info, file.as_ptr().cast()) };
            // SAFETY: asks for the error of the last failed open, which the lock keeps ours.
            let code = unsafe { (library.error_code)(std::ptr::null_mut()) };
            // SAFETY: the same; the text is copied while the lock is held.
            let text = unsafe { text_of((library.error_text)(std::ptr::null_mut())) };
            (NonNull::new(raw), code, text)
        };
        let Some(raw) = raw else {
            // SAFETY: libsndfile is done with it.
            let mut file = unsafe { Box::from_raw(file.as_ptr()) };
            cancel.check()?;
            return Err(match file.failed.take() {
                Some(error) => Error::from(error),
                None => explain(code, &text.unwrap_or_default()),
            });
        };
        let opened = Self { library, raw, file, info };
        cancel.check()?;
        Ok(opened)
    }

    /// Fills whole frames of `out`, interleaved, and returns how many; 0 at the end.
    pub(crate) fn read(&mut self, out: &mut [f32]) -> usize {
        let frames = out.len() / self.channels();
        // SAFETY: `out` has room for that many frames of every channel.
        let count =
            unsafe { (self.library.read_float)(self.raw.as_ptr(), out.as_mut_ptr(), frames as ffi::Count) };
        usize::try_from(count).unwrap_or(0).min(frames)
    }

    /// Goes to a frame; `false` when libsndfile ends up anywhere else.
    pub(crate) fn seek(&mut self, frame: u64) -> bool {
        let Ok(frame) = ffi::Count::try_from(frame) else { return false };
        // SAFETY: the handle is open; 0 is SEEK_SET.
        unsafe { (self.library.seek)(self.raw.as_ptr(), frame, 0) == frame }
    }

    /// What the last call complained about.
    pub(crate) fn complaint(&mut self) -> Option<String> {
        // SAFETY: the handle is open.
        let code = unsafe { (self.library.error_code)(self.raw.as_ptr()) };
        if code == 0 {
            return None;
        }
        // SAFETY: the same; libsndfile's texts are constants.
        let text = unsafe { text_of((self.library.error_text)(self.raw.as_ptr())) };
        let text = text.unwrap_or_else(|| format!("libsndfile's error {code}"));
        Some(text.trim_start_matches("Error : ").trim_end_matches('.').to_owned())
    }

    /// What the parser noted.
    pub(crate) fn log(&mut self) -> String {
        let mut log = vec![0u8; 16 << 10];
        // SAFETY: the buffer is as long as said; libsndfile ends the text with NUL inside it.
        unsafe {
            let (data, size) = (log.as_mut_ptr().cast(), log.len() as c_int);
            (self.library.command)(self.raw.as_ptr(), ffi::GET_LOG_INFO, data, size);
        }
        let end = log.iter().position(|&byte| byte == 0).unwrap_or(log.len());
        String::from_utf8_lossy(&log[..end]).into_owned()
    }

    /// The speaker of every channel (`SF_CHANNEL_MAP_*`), where the file tells them.
    pub(crate) fn channel_map(&mut self) -> Option<Vec<c_int>> {
        let mut map = vec![0 as c_int; self.channels()];
        let size = c_int::try_from(std::mem::size_of_val(map.as_slice())).ok()?;
        // SAFETY: the array has one entry for each channel, as the size says.
        let known = unsafe {
            (self.library.command)(self.raw.as_ptr(), ffi::GET_CHANNEL_MAP, map.as_mut_ptr().cast(), size)
        };
        (known != 0).then_some(map)
    }

    /// A text of the file (`SF_STR_*`).
    pub(crate) fn string(&mut self, kind: c_int) -> Option<String> {
        // SAFETY: the handle is open; the text is copied before anything else is called.
        unsafe { text_of((self.library.get_string)(self.raw.as_ptr(), kind)) }
    }

    /// What the operating system refused while libsndfile read.
    pub(crate) fn take_io_error(&mut self) -> Option<io::Error> {
        self.file_mut().failed.take()
    }

    /// Bytes behind what libsndfile read last.
    pub(crate) fn bytes_left(&mut self) -> u64 {
        self.file_mut().bytes_left()
    }

    /// Lets another flag end the reads.
    pub(crate) fn set_cancel(&mut self, cancel: CancelFlag) {
        self.file_mut().cancel = cancel;
    }

    /// Whether the file is too long to be a header alone.
    pub(crate) fn has_more_than_a_header(&self) -> bool {
        // SAFETY: as in `file_mut`; nothing is changed.
        unsafe { self.file.as_ref() }.input_length() > 4096
    }

    pub(crate) fn channels(&self) -> usize {
        usize::try_from(self.info.channels).unwrap_or(0).max(1)
    }

    fn file_mut(&mut self) -> &mut VirtualFile {
        // SAFETY: freed with self alone, and libsndfile uses it only inside its own calls, none of which runs now.
        unsafe { self.file.as_mut() }
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        // SAFETY: opened once, closed once; the file is freed after the last callback.
        unsafe {
            (self.library.close)(self.raw.as_ptr());
            drop(Box::from_raw(self.file.as_ptr()));
        }
    }
}

/// # Safety
///
/// NULL, or text that ends with NUL and does not change meanwhile.
unsafe fn text_of(text: *const c_char) -> Option<String> {
    // SAFETY: as the caller says.
    (!text.is_null()).then(|| unsafe { CStr::from_ptr(text) }.to_string_lossy().into_owned())
}

/// What a failed open means for the caller. Only what libsndfile calls malformed is: it says "unknown error" of good Ogg FLAC.
fn explain(code: c_int, text: &str) -> Error {
    let reason = text.trim_end_matches('.').trim_start_matches("Error : ");
    match code {
        ffi::ERROR_SYSTEM => Error::new(ErrorKind::Io, format!("libsndfile could not read it: {reason}")),
        ffi::ERROR_MALFORMED => Error::corrupt(format!("libsndfile says that it is broken: {reason}")),
        _ => Error::unsupported(format!("libsndfile does not read it: {reason}")),
    }
}
