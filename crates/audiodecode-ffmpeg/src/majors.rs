use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use audiodecode_pipeline::{Error, ErrorKind, Result};

use crate::engine::OpenEngine;
use crate::install_hint::install_hint;
use crate::libraries::{Libraries, Versions, is_there};

mod ffmpeg5;
mod ffmpeg7;
mod ffmpeg9;

/// What is known about a major before its libraries are looked for.
struct Major {
    number: u32,
    versions: Versions,
    start: fn(Libraries) -> std::result::Result<Found, String>,
}

/// Newest first.
const MAJORS: [Major; 3] = [
    Major {
        number: 9,
        versions: Versions { avutil: 61, swresample: 7, avcodec: 63, avformat: 63 },
        start: ffmpeg9::native::start,
    },
    Major {
        number: 7,
        versions: Versions { avutil: 59, swresample: 5, avcodec: 61, avformat: 61 },
        start: ffmpeg7::native::start,
    },
    Major {
        number: 5,
        versions: Versions { avutil: 57, swresample: 4, avcodec: 59, avformat: 59 },
        start: ffmpeg5::native::start,
    },
];

/// The versions of FFmpeg that can be used, for people.
pub const SUPPORTED: &str = "FFmpeg 5.1, 7 and 9";

/// The FFmpeg in use.
#[derive(Clone, Copy, Debug)]
pub struct Found {
    /// What it calls itself: `5.1.9-0+deb12u1`.
    pub version: &'static str,
    /// Versions of its libraries, for people.
    pub libraries: &'static str,
    pub(crate) open: OpenEngine,
}

static FOUND: Mutex<Option<Found>> = Mutex::new(None);

/// Names folders to look in first, separated as in PATH.
const VARIABLE: &str = "AUDIODECODE_FFMPEG";

/// Versions of libavutil of releases that are not supported, to say so when they are all there is.
const OTHERS: [(u32, u32); 3] = [(8, 60), (6, 58), (4, 56)];

/// Opens the newest FFmpeg that is installed and supported: from the folders that `AUDIODECODE_FFMPEG` names first, then from the
/// usual places. Found once, it stays in use; what was not found is looked for again by the next call.
///
/// Fails with `Unavailable`; the message says what was found, what is supported and what to install.
pub fn load() -> Result<Found> {
    let mut found = FOUND.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(found) = *found {
        return Ok(found);
    }
    let variable = std::env::var_os(VARIABLE).filter(|value| !value.is_empty());
    let folders: Vec<PathBuf> = variable.iter().flat_map(std::env::split_paths).collect();
    let mut reasons = Vec::new();
    for major in &MAJORS {
        match Libraries::open(&folders, major.versions, major.number).and_then(major.start) {
            Ok(ready) => return Ok(*found.insert(ready)),
            Err(reason) => reasons.push(format!("FFmpeg {}: {reason}", major.number)),
        }
    }
    let others = OTHERS.iter().filter(|&&(major, avutil)| is_there(&folders, avutil, major));
    let others: Vec<String> = others.map(|(major, _)| format!("FFmpeg {major}")).collect();
    let what =
        if others.is_empty() { "No FFmpeg".to_owned() } else { format!("Only {}", others.join(" and ")) };
    let (reasons, hint) = (reasons.join(". "), install_hint());
    let message = format!("{what} was found; supported are {SUPPORTED}. {hint} What was tried: {reasons}.");
    Err(Error::new(ErrorKind::Unavailable, message))
}
