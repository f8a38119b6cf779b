use std::ffi::{CStr, c_char, c_int};
use std::sync::OnceLock;

use libloading::Library;

use super::api::{Api, find};
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

/// Major versions of the libraries that the bindings are for.
const MAJORS: [u32; 3] = [LIBAVUTIL_VERSION_MAJOR, LIBAVCODEC_VERSION_MAJOR, LIBAVFORMAT_VERSION_MAJOR];

/// Major and minor version of a library.
type Version = (u32, u32);

/// Finds the functions and makes FFmpeg quiet: it never prints.
pub(in crate::majors) fn start(libraries: Libraries) -> Result<Found, String> {
    let versions = [
        version_of(&libraries.avutil, "avutil_version")?,
        version_of(&libraries.avcodec, "avcodec_version")?,
        version_of(&libraries.avformat, "avformat_version")?,
    ];
    // SAFETY: it has this type in every version, and gives a string that lives as long as the library.
    let name = unsafe {
        let name = find::<unsafe extern "C" fn() -> *const c_char>(&libraries.avutil, "av_version_info")?;
        text(name()).unwrap_or_default()
    };
    check(versions, &name)?;
    let api = Api::find(libraries)?;
    // SAFETY: settings of the library, made before anything else of it is used here.
    unsafe {
        (api.av_log_set_level)(AV_LOG_QUIET);
        (api.av_max_alloc)(MAX_ALLOCATION);
    }
    let [avutil, avcodec, avformat] = versions.map(|(major, minor)| format!("{major}.{minor}"));
    let libraries = format!("libavutil {avutil}, libavcodec {avcodec}, libavformat {avformat}");
    // Once in a process: these strings are kept as long as the libraries.
    let found = Found { version: name.leak(), libraries: libraries.leak(), open };
    API.get_or_init(|| api);
    Ok(found)
}

fn version_of(library: &Library, function: &str) -> Result<Version, String> {
    // SAFETY: it has this type in every version, takes nothing and only tells a number.
    let version = unsafe { find::<unsafe extern "C" fn() -> u32>(library, function)?() };
    Ok((version >> 16, version >> 8 & 0xff))
}

/// Refuses libraries whose structures are not those of the bindings.
fn check(versions: [Version; 3], name: &str) -> Result<(), String> {
    if versions.map(|(major, _)| major) != MAJORS {
        let [avutil, avcodec, avformat] = versions;
        return Err(format!("the libraries are of other versions: {avutil:?}, {avcodec:?}, {avformat:?}"));
    }
    if versions[0] < LAYOUTS_SINCE[0] || versions[1] < LAYOUTS_SINCE[1] {
        return Err(format!("version {name} is too old, 5.1 is needed"));
    }
    Ok(())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libraries_of_other_majors_and_those_before_5_1_are_refused() {
        assert_eq!(check(MAJORS.map(|major| (major, 100)), "x"), Ok(()));
        let [avutil, avcodec, avformat] = MAJORS.map(|major| (major, 100));
        for mixed in [
            [(avutil.0 + 1, 0), avcodec, avformat],
            [avutil, (avcodec.0 - 1, 100), avformat],
            [avutil, avcodec, (avformat.0 + 1, 0)],
        ] {
            let reason = check(mixed, "x").err().unwrap_or_default();
            assert!(reason.contains("other versions"), "{mixed:?}: {reason}");
        }
        let of_5_0 = [(57, 17), (59, 18), (59, 16)];
        let reason = check(of_5_0, "5.0").err().unwrap_or_default();
        let expected =
            if MAJORS[0] == 57 { "version 5.0 is too old, 5.1 is needed" } else { "other versions" };
        assert!(reason.contains(expected), "{reason}");
    }
}
