use std::ffi::{CStr, c_char, c_int};
use std::sync::OnceLock;

use super::api::Api;
use super::ffi::{
    AV_LOG_QUIET, AVCodecContext, LIBAVCODEC_VERSION_MAJOR, LIBAVFORMAT_VERSION_MAJOR,
    LIBAVUTIL_VERSION_MAJOR,
};
use super::opened::open;
use crate::libraries::Libraries;
use crate::majors::Found;

static API: OnceLock<Api> = OnceLock::new();

/// No single allocation of FFmpeg is larger: what a forged header asks for fails instead.
const MAX_ALLOCATION: usize = 512 << 20;

/// Version of libavutil, and of libavcodec, since which channel layouts are where the bindings have them (5.1).
const LAYOUTS_SINCE: [(u32, u32); 2] = [(57, 24), (59, 24)];

/// Finds the functions and makes FFmpeg quiet: it never prints.
pub(in crate::majors) fn start(libraries: Libraries) -> Result<Found, String> {
    let api = Api::find(libraries)?;
    // SAFETY: these take nothing and only tell numbers.
    let versions = unsafe { [(api.avutil_version)(), (api.avcodec_version)(), (api.avformat_version)()] };
    let split = |version: u32| (version >> 16, version >> 8 & 0xff);
    let [avutil, avcodec, avformat] = versions.map(split);
    let wanted = [LIBAVUTIL_VERSION_MAJOR, LIBAVCODEC_VERSION_MAJOR, LIBAVFORMAT_VERSION_MAJOR];
    if [avutil.0, avcodec.0, avformat.0] != wanted {
        return Err(format!("the libraries are of other versions: {avutil:?}, {avcodec:?}, {avformat:?}"));
    }
    // SAFETY: a string that lives as long as the library.
    let version = unsafe { text((api.av_version_info)()) }.unwrap_or_default();
    if avutil < LAYOUTS_SINCE[0] || avcodec < LAYOUTS_SINCE[1] {
        return Err(format!("version {version} is too old, 5.1 is needed"));
    }
    // SAFETY: settings of the library, made before anything else of it is used here.
    unsafe {
        (api.av_log_set_level)(AV_LOG_QUIET);
        (api.av_max_alloc)(MAX_ALLOCATION);
    }
    let libraries = format!(
        "libavutil {}.{}, libavcodec {}.{}, libavformat {}.{}",
        avutil.0, avutil.1, avcodec.0, avcodec.1, avformat.0, avformat.1
    );
    // Once in a process: these strings are kept as long as the libraries.
    let found = Found { version: version.leak(), libraries: libraries.leak(), open };
    API.get_or_init(|| api);
    Ok(found)
}

/// The functions; there once `start` has succeeded.
pub(super) fn api() -> Option<&'static Api> {
    API.get()
}

impl Api {
    /// What FFmpeg says an error code means.
    pub(super) fn message(&self, code: c_int) -> String {
        let mut buffer: [c_char; 128] = [0; 128];
        // SAFETY: the buffer is as long as said, and FFmpeg ends the text within it.
        unsafe {
            (self.av_strerror)(code, buffer.as_mut_ptr(), buffer.len());
            text(buffer.as_ptr()).unwrap_or_default()
        }
    }

    /// FFmpeg's name of the codec of a decoder.
    ///
    /// # Safety
    /// `context` is one of FFmpeg's.
    pub(super) unsafe fn codec_name(&self, context: *const AVCodecContext) -> String {
        // SAFETY: the caller's; the name is a constant of the library.
        unsafe { text((self.avcodec_get_name)((*context).codec_id)) }.unwrap_or_default()
    }
}

/// A copy of a C string; none for NULL.
///
/// # Safety
/// `pointer` is NULL or a C string.
pub(super) unsafe fn text(pointer: *const c_char) -> Option<String> {
    // SAFETY: the caller's.
    (!pointer.is_null()).then(|| unsafe { CStr::from_ptr(pointer) }.to_string_lossy().into_owned())
}
