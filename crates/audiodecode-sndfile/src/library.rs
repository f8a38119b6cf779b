use std::ffi::CStr;
use std::ffi::OsString;
use std::sync::OnceLock;

use audiodecode_pipeline::{Error, ErrorKind, Result};

use crate::ffi;
use crate::install_hint::install_hint;

/// The loaded libsndfile. Never unloaded: files that are open call into it.
pub(crate) struct Library {
    /// Such as `libsndfile-1.2.2`.
    pub(crate) version: String,
    pub(crate) open_virtual: ffi::OpenVirtual,
    pub(crate) close: ffi::Close,
    pub(crate) read_float: ffi::ReadFloat,
    pub(crate) seek: ffi::Seek,
    pub(crate) error_code: ffi::ErrorCode,
    pub(crate) error_text: ffi::ErrorText,
    pub(crate) get_string: ffi::GetString,
    pub(crate) command: ffi::Command,
    _loaded: libloading::Library,
}

/// The oldest version that is used.
const OLDEST: [u32; 3] = [1, 0, 29];
const WHY_OLDEST: &str =
    "the first that reads Opus, and older ones write beyond their buffers for forged files";

#[cfg(windows)]
const NAMES: &[&str] = &["sndfile.dll", "libsndfile-1.dll"];
#[cfg(target_os = "macos")]
const NAMES: &[&str] = &[
    "libsndfile.1.dylib",
    "/opt/homebrew/lib/libsndfile.1.dylib",
    "/usr/local/lib/libsndfile.1.dylib",
    "/opt/local/lib/libsndfile.1.dylib",
    "libsndfile.dylib",
];
#[cfg(not(any(windows, target_os = "macos")))]
const NAMES: &[&str] = &["libsndfile.so.1"];

/// Names the library instead of what is looked for otherwise.
const VARIABLE: &str = "AUDIODECODE_LIBSNDFILE";

/// Version of the installed libsndfile, such as `libsndfile-1.2.2`; loads it. `Unavailable` with what to do when there is none.
pub fn library_version() -> Result<String> {
    Ok(library()?.version.clone())
}

/// The library, loaded by the first call that finds it; a failure is tried again.
pub(crate) fn library() -> Result<&'static Library> {
    static LOADED: OnceLock<Library> = OnceLock::new();
    if let Some(library) = LOADED.get() {
        return Ok(library);
    }
    let library = find(std::env::var_os(VARIABLE).filter(|value| !value.is_empty()))?;
    Ok(LOADED.get_or_init(|| library))
}

fn find(elsewhere: Option<OsString>) -> Result<Library> {
    let names: Vec<OsString> = match elsewhere {
        Some(path) => vec![path],
        None => NAMES.iter().map(OsString::from).collect(),
    };
    let mut reasons = Vec::new();
    for name in names {
        match load(&name) {
            Ok(library) => return Ok(library),
            Err(reason) => reasons.push(format!("{}: {reason}", name.to_string_lossy())),
        }
    }
    let message = format!("libsndfile could not be loaded ({}). {}", reasons.join("; "), install_hint());
    Err(Error::new(ErrorKind::Unavailable, message))
}

fn load(name: &OsString) -> std::result::Result<Library, String> {
    // SAFETY: runs the initialisers of the library that the system or the user names, as linking to it would.
    let loaded = unsafe { libloading::Library::new(name) }.map_err(|error| first_line(&error.to_string()))?;
    // SAFETY: every symbol is declared with its type in libsndfile's own header, unchanged within the soname.
    unsafe {
        let version_string: ffi::VersionString = symbol(&loaded, "sf_version_string")?;
        let version = version_string();
        if version.is_null() {
            return Err("it does not tell its version".to_owned());
        }
        let version = CStr::from_ptr(version).to_string_lossy().into_owned();
        check_version(&version)?;
        Ok(Library {
            version,
            open_virtual: symbol(&loaded, "sf_open_virtual")?,
            close: symbol(&loaded, "sf_close")?,
            read_float: symbol(&loaded, "sf_readf_float")?,
            seek: symbol(&loaded, "sf_seek")?,
            error_code: symbol(&loaded, "sf_error")?,
            error_text: symbol(&loaded, "sf_strerror")?,
            get_string: symbol(&loaded, "sf_get_string")?,
            command: symbol(&loaded, "sf_command")?,
            _loaded: loaded,
        })
    }
}

/// # Safety
///
/// `T` is the type of the function of that name.
unsafe fn symbol<T: Copy>(library: &libloading::Library, name: &str) -> std::result::Result<T, String> {
    // SAFETY: as the caller says.
    let found = unsafe { library.get::<T>(name.as_bytes()) };
    found.map(|symbol| *symbol).map_err(|_| format!("it is not libsndfile: it has no {name}"))
}

fn check_version(version: &str) -> std::result::Result<(), String> {
    let number = version.strip_prefix("libsndfile-").unwrap_or(version);
    let mut parts = number.split(|c: char| !c.is_ascii_digit()).map(|part| part.parse::<u32>().unwrap_or(0));
    let found: [u32; 3] = std::array::from_fn(|_| parts.next().unwrap_or(0));
    if found >= OLDEST {
        return Ok(());
    }
    let [major, minor, patch] = OLDEST;
    Err(format!("it is {version}; {major}.{minor}.{patch} or later is needed, {WHY_OLDEST}"))
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        for good in ["libsndfile-1.0.29", "libsndfile-1.0.31", "libsndfile-1.2.2", "libsndfile-1.10.0-beta1"]
        {
            assert_eq!(check_version(good), Ok(()), "{good}");
        }
        for old in ["libsndfile-1.0.28", "libsndfile-1.0.9", "libsndfile-0.99.100", "nonsense"] {
            let reason = check_version(old).expect_err("too old");
            assert!(reason.contains(old) && reason.contains("1.0.29 or later is needed"), "{reason}");
        }
    }

    #[test]
    fn a_library_that_is_not_there_is_unavailable_with_the_way_out() {
        let error = find(Some("/nowhere/libsndfile.so.1".into())).err().expect("nothing there");
        assert_eq!(error.kind(), ErrorKind::Unavailable);
        assert!(error.message().contains("/nowhere/libsndfile.so.1"), "{error}");
        assert!(error.message().contains(&install_hint()), "{error}");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn another_library_is_told_from_libsndfile() {
        let error = find(Some("libc.so.6".into())).err().expect("not libsndfile");
        assert_eq!(error.kind(), ErrorKind::Unavailable);
        assert!(error.message().contains("it is not libsndfile: it has no sf_version_string"), "{error}");
    }
}
