use std::path::{Path, PathBuf};

use libloading::Library;

use crate::load_pages::LoadPages;

/// Major versions of the libraries of one FFmpeg.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Versions {
    pub(crate) avutil: u32,
    pub(crate) swresample: u32,
    pub(crate) avcodec: u32,
    pub(crate) avformat: u32,
}

/// The shared libraries of one FFmpeg, opened.
pub(crate) struct Libraries {
    pub(crate) avutil: Library,
    pub(crate) avcodec: Library,
    pub(crate) avformat: Library,
}

impl Libraries {
    /// Opens them: from one of `folders` if any are named, otherwise from where the system looks, or from Homebrew's places. All
    /// from one place.
    ///
    /// The error says what each place answered, in a line.
    pub(crate) fn open(folders: &[PathBuf], versions: Versions, major: u32) -> Result<Self, String> {
        let mut reasons: Vec<String> = Vec::new();
        for place in places(folders, major) {
            match Self::open_from(place.as_deref(), versions) {
                Ok(libraries) => return Ok(libraries),
                Err(error) => {
                    let reason = explain(&error);
                    if !reasons.contains(&reason) {
                        reasons.push(reason);
                    }
                }
            }
        }
        Err(reasons.join("; "))
    }

    fn open_from(folder: Option<&Path>, versions: Versions) -> Result<Self, libloading::Error> {
        let open = |name: &str, version: u32| {
            let file = file_name(name, version);
            let path = folder.map_or_else(|| PathBuf::from(&file), |folder| folder.join(&file));
            // SAFETY: opening FFmpeg's libraries runs their initialisers, which only set up tables.
            unsafe { Library::new(path) }
        };
        let load_pages = LoadPages::begin();
        // In the order in which they need each other: what is loaded already is not looked for elsewhere.
        let avutil = open("avutil", versions.avutil)?;
        // Needed by libavcodec alone, which finds it by itself unless all of them lie in an unusual place.
        let swresample = open("swresample", versions.swresample);
        let avcodec = open("avcodec", versions.avcodec)?;
        // Before the next comes to it, so that the peak is lower too.
        load_pages.give_back();
        let avformat = open("avformat", versions.avformat)?;
        load_pages.give_back();
        drop(swresample);
        Ok(Self { avutil, avcodec, avformat })
    }
}

/// Folders to look in; `None` is wherever the system's loader looks. Folders that somebody names are not passed over in silence.
fn places(folders: &[PathBuf], major: u32) -> Vec<Option<PathBuf>> {
    if folders.is_empty() {
        let there = homebrew(major).into_iter().filter(|path| path.is_dir());
        return std::iter::once(None).chain(there.map(Some)).collect();
    }
    folders.iter().cloned().map(Some).collect()
}

/// What the system's loader said, which libloading keeps behind its own words.
fn explain(error: &libloading::Error) -> String {
    let inner = std::error::Error::source(error);
    inner.map_or_else(|| error.to_string(), ToString::to_string)
}

/// Whether there is a libavutil of this version.
pub(crate) fn is_there(folders: &[PathBuf], avutil: u32, major: u32) -> bool {
    let file = file_name("avutil", avutil);
    let mut paths = places(folders, major).into_iter().map(|folder| folder.unwrap_or_default().join(&file));
    // SAFETY: as in `open_from`.
    paths.any(|path| unsafe { Library::new(path) }.is_ok())
}

fn file_name(name: &str, version: u32) -> String {
    if cfg!(target_os = "windows") {
        format!("{name}-{version}.dll")
    } else if cfg!(target_os = "macos") {
        format!("lib{name}.{version}.dylib")
    } else {
        format!("lib{name}.so.{version}")
    }
}

/// Where Homebrew installs, which the system's loader does not look at.
fn homebrew(major: u32) -> Vec<PathBuf> {
    let prefixes: &[&str] = if cfg!(target_os = "macos") {
        &["/opt/homebrew", "/usr/local"]
    } else if cfg!(target_os = "linux") {
        &["/home/linuxbrew/.linuxbrew"]
    } else {
        &[]
    };
    let folders = |prefix: &&str| {
        [format!("{prefix}/lib"), format!("{prefix}/opt/ffmpeg@{major}/lib")].map(PathBuf::from)
    };
    prefixes.iter().flat_map(folders).collect()
}
