use std::ffi::{CString, c_char, c_int, c_void};
use std::ptr;
use std::sync::Arc;

use audiodecode_pipeline::{Error, Input, OpenOptions, Result};

use super::api::Api;
use super::ffi::{
    AVDISCARD_ALL, AVDictionary, AVFMT_FLAG_CUSTOM_IO, AVFormatContext, AVIOContext, AVInputFormat,
    AVMEDIA_TYPE_AUDIO, AVPacket, AVStream,
};
use super::start::text;
use crate::allowed;
use crate::errors::{NO_MEMORY, REFUSED};
use crate::input_io::{InputIo, interrupt, read_packet, seek};

/// What is read at a time.
const BUFFER_BYTES: usize = 64 << 10;

/// A demuxer over bytes of ours. It can open nothing else.
pub(super) struct Container {
    api: &'static Api,
    context: *mut AVFormatContext,
    io_context: *mut AVIOContext,
    /// What the callbacks of both contexts point to.
    io: Arc<InputIo>,
    demuxer: String,
}

// SAFETY: FFmpeg's contexts belong to no thread, and this one is used by one thread at a time.
unsafe impl Send for Container {}

impl Container {
    /// Recognises the content and reads the headers and as many packets as tell what the tracks are.
    pub(super) fn open(api: &'static Api, input: &Input, options: &OpenOptions) -> Result<Self> {
        let io = Arc::new(InputIo::new(input.clone(), options.cancel.clone()));
        let mut container =
            Self { api, context: ptr::null_mut(), io_context: ptr::null_mut(), io, demuxer: String::new() };
        container.create_io()?;
        let format = container.recognise()?;
        container.open_format(format)?;
        Ok(container)
    }

    fn opaque(&self) -> *mut c_void {
        Arc::as_ptr(&self.io).cast_mut().cast()
    }

    fn create_io(&mut self) -> Result<()> {
        // SAFETY: the buffer is handed over to the AVIOContext, and the callbacks get the InputIo that `self` keeps alive.
        unsafe {
            let buffer = (self.api.av_malloc)(BUFFER_BYTES);
            if buffer.is_null() {
                return Err(no_memory());
            }
            self.io_context = (self.api.avio_alloc_context)(
                buffer.cast(),
                BUFFER_BYTES as c_int,
                0,
                self.opaque(),
                Some(read_packet),
                None,
                Some(seek),
            );
            if self.io_context.is_null() {
                (self.api.av_free)(buffer);
                return Err(no_memory());
            }
        }
        Ok(())
    }

    /// The demuxer for the content, if it is one of those that read nothing but their input.
    fn recognise(&mut self) -> Result<*const AVInputFormat> {
        let mut format: *const AVInputFormat = ptr::null();
        // SAFETY: the context is open, and the empty name is a C string.
        let code = unsafe {
            (self.api.av_probe_input_buffer2)(
                self.io_context,
                &mut format,
                c"".as_ptr(),
                ptr::null_mut(),
                0,
                0,
            )
        };
        if code < 0 || format.is_null() {
            self.io.check()?;
            return Err(Error::unsupported("FFmpeg does not recognise the content"));
        }
        // SAFETY: a constant of the library.
        self.demuxer = unsafe { text((*format).name) }.unwrap_or_default();
        allowed::check(&self.demuxer)?;
        Ok(format)
    }

    fn open_format(&mut self, format: *const AVInputFormat) -> Result<()> {
        let api = self.api;
        let mut options = Options::new(api);
        // What `recognise` and `refuse` do already, said once more where FFmpeg itself checks it.
        options.set(c"format_whitelist", &self.demuxer)?;
        options.set(c"protocol_whitelist", "")?;
        // Video is not decoded, not even to learn about it.
        options.set(c"codec_whitelist", &audio_decoders(api))?;
        // SAFETY: a new context, set up as the headers say; on failure `avformat_open_input` frees it and nulls the pointer.
        let code = unsafe {
            self.context = (api.avformat_alloc_context)();
            if self.context.is_null() {
                return Err(no_memory());
            }
            (*self.context).pb = self.io_context;
            (*self.context).flags |= AVFMT_FLAG_CUSTOM_IO as c_int;
            (*self.context).io_open = Some(refuse);
            (*self.context).interrupt_callback.callback = Some(interrupt);
            (*self.context).interrupt_callback.opaque = self.opaque();
            (api.avformat_open_input)(&mut self.context, ptr::null(), format, &mut options.dictionary)
        };
        if code < 0 {
            return Err(self.explain(code, "cannot be opened"));
        }
        // SAFETY: the context is open.
        let code = unsafe { (api.avformat_find_stream_info)(self.context, ptr::null_mut()) };
        if code < 0 {
            return Err(self.explain(code, "cannot be read"));
        }
        Ok(())
    }

    fn explain(&self, code: c_int, what: &str) -> Error {
        match self.io.check() {
            Err(error) => error,
            Ok(()) => Error::corrupt(format!("{} {what}: {}", self.demuxer, self.api.message(code))),
        }
    }

    pub(super) fn demuxer(&self) -> &str {
        &self.demuxer
    }

    pub(super) fn io(&self) -> &InputIo {
        &self.io
    }

    pub(super) fn context(&self) -> &AVFormatContext {
        // SAFETY: `open` gives only containers that are open, and nothing else changes the context during the borrow.
        unsafe { &*self.context }
    }

    /// Every track of any kind.
    fn streams(&self) -> &[*mut AVStream] {
        let context = self.context();
        if context.streams.is_null() {
            return &[];
        }
        // SAFETY: FFmpeg keeps `nb_streams` pointers there.
        unsafe { std::slice::from_raw_parts(context.streams, context.nb_streams as usize) }
    }

    /// The audio tracks, in order. Attached pictures are video.
    pub(super) fn audio(&self) -> Vec<&AVStream> {
        // SAFETY: the streams and their parameters live as long as the context.
        let streams = self.streams().iter().map(|&stream| unsafe { &*stream });
        streams
            .filter(|stream| {
                // SAFETY: as above.
                unsafe { !stream.codecpar.is_null() && (*stream.codecpar).codec_type == AVMEDIA_TYPE_AUDIO }
            })
            .collect()
    }

    /// Lets the demuxer skip what belongs to other tracks.
    pub(super) fn keep_only(&mut self, index: c_int) {
        for &stream in self.streams() {
            // SAFETY: the streams live as long as the context, and no reference to one is held here.
            unsafe {
                if (*stream).index != index {
                    (*stream).discard = AVDISCARD_ALL;
                }
            }
        }
    }

    /// The next packet of any track into `packet`; FFmpeg's error code otherwise.
    pub(super) fn read(&mut self, packet: *mut AVPacket) -> c_int {
        // SAFETY: both are valid, and `packet` is empty.
        unsafe { (self.api.av_read_frame)(self.context, packet) }
    }
}

impl Drop for Container {
    fn drop(&mut self) {
        // SAFETY: each is freed once; the buffer may have been replaced by FFmpeg and belongs to the AVIOContext.
        unsafe {
            if !self.context.is_null() {
                (self.api.avformat_close_input)(&mut self.context);
            }
            if !self.io_context.is_null() {
                (self.api.av_free)((*self.io_context).buffer.cast());
                (self.api.avio_context_free)(&mut self.io_context);
            }
        }
    }
}

/// `io_open`: whatever a file names, it is not opened.
unsafe extern "C" fn refuse(
    _: *mut AVFormatContext,
    io: *mut *mut AVIOContext,
    _: *const c_char,
    _: c_int,
    _: *mut *mut AVDictionary,
) -> c_int {
    if !io.is_null() {
        // SAFETY: FFmpeg asks for a pointer to be written here.
        unsafe { *io = ptr::null_mut() };
    }
    REFUSED
}

/// Names of all audio decoders, as a list of FFmpeg's.
fn audio_decoders(api: &Api) -> String {
    let mut names = Vec::new();
    let mut state: *mut c_void = ptr::null_mut();
    // SAFETY: the state begins as NULL, as the function wants it; codecs are constants of the library.
    unsafe {
        loop {
            let codec = (api.av_codec_iterate)(&mut state);
            if codec.is_null() {
                return names.join(",");
            }
            if (*codec).type_ == AVMEDIA_TYPE_AUDIO && (api.av_codec_is_decoder)(codec) != 0 {
                names.extend(text((*codec).name));
            }
        }
    }
}

/// A dictionary of options.
struct Options {
    api: &'static Api,
    dictionary: *mut AVDictionary,
}

impl Options {
    fn new(api: &'static Api) -> Self {
        Self { api, dictionary: ptr::null_mut() }
    }

    fn set(&mut self, key: &std::ffi::CStr, value: &str) -> Result<()> {
        let value = CString::new(value).map_err(|_| Error::corrupt("a name contains a zero"))?;
        // SAFETY: both strings are copied.
        let code = unsafe { (self.api.av_dict_set)(&mut self.dictionary, key.as_ptr(), value.as_ptr(), 0) };
        if code < 0 { Err(no_memory()) } else { Ok(()) }
    }
}

impl Drop for Options {
    fn drop(&mut self) {
        // SAFETY: freed once.
        unsafe { (self.api.av_dict_free)(&mut self.dictionary) };
    }
}

pub(super) fn no_memory() -> Error {
    Error::limit(format!("FFmpeg could not reserve memory ({NO_MEMORY})"))
}

#[cfg(test)]
#[allow(clippy::expect_used)]
mod tests {
    use super::*;
    use crate::majors::load;

    #[test]
    #[cfg_attr(no_ffmpeg, ignore = "FFmpeg is not installed")]
    fn whatever_ffmpeg_asks_to_open_is_refused() {
        let _ = load();
        // The functions are those of the one version that was found; the modules of the others have none.
        let Some(api) = super::super::start::api() else { return };
        let film =
            std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/film.mp4")).expect("fixture");
        let input = Input::from_bytes(film);
        let container = Container::open(api, &input, &OpenOptions::default()).expect("film");
        let open = container.context().io_open.expect("a callback");
        let mut io = ptr::dangling_mut::<AVIOContext>();
        let name = CString::new(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")).expect("path");
        // SAFETY: what FFmpeg itself calls, with arguments as it has them.
        let code = unsafe { open(container.context, &mut io, name.as_ptr(), 1, ptr::null_mut()) };
        assert_eq!((code, io.is_null()), (REFUSED, true));
    }
}
