use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use audiodecode_pipeline::{Error, ErrorKind, Result};

use crate::engine::OpenEngine;
use crate::install_hint::install_hint;
use crate::libraries::{Libraries, Versions, is_there};

mod ffmpeg5;
mod ffmpeg6;
mod ffmpeg7;
mod ffmpeg8;
mod ffmpeg9;

/// What is known about a major before its libraries are looked for.
struct Major {
    number: u32,
    versions: Versions,
    start: fn(Libraries) -> std::result::Result<Found, String>,
}

/// Newest first.
const MAJORS: [Major; 5] = [
    Major {
        number: 9,
        versions: Versions { avutil: 61, swresample: 7, avcodec: 63, avformat: 63 },
        start: ffmpeg9::native::start,
    },
    Major {
        number: 8,
        versions: Versions { avutil: 60, swresample: 6, avcodec: 62, avformat: 62 },
        start: ffmpeg8::native::start,
    },
    Major {
        number: 7,
        versions: Versions { avutil: 59, swresample: 5, avcodec: 61, avformat: 61 },
        start: ffmpeg7::native::start,
    },
    Major {
        number: 6,
        versions: Versions { avutil: 58, swresample: 4, avcodec: 60, avformat: 60 },
        start: ffmpeg6::native::start,
    },
    Major {
        number: 5,
        versions: Versions { avutil: 57, swresample: 4, avcodec: 59, avformat: 59 },
        start: ffmpeg5::native::start,
    },
];

/// The versions of FFmpeg that can be used, for people.
pub const SUPPORTED: &str = "FFmpeg 5.1 to 9";

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

/// Names the folders to look in, separated as in PATH, instead of the usual places.
const VARIABLE: &str = "AUDIODECODE_FFMPEG";

/// Versions of libavutil of releases that are not supported, to say so when they are all there is.
const OTHERS: [(u32, u32); 1] = [(4, 56)];

/// Opens the newest FFmpeg that is installed and supported, from the folders that `AUDIODECODE_FFMPEG` names, or from the usual
/// places when it names none. Found once, it stays in use; what was not found is looked for again by the next call.
///
/// Fails with `Unavailable`; the message says what was found, what is supported and what to install.
pub fn load() -> Result<Found> {
    let mut found = FOUND.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(found) = *found {
        return Ok(found);
    }
    let variable = std::env::var_os(VARIABLE).filter(|value| !value.is_empty());
    let folders: Vec<PathBuf> = variable.iter().flat_map(std::env::split_paths).collect();
    let (mut there, mut reasons) = (Vec::new(), Vec::new());
    for major in &MAJORS {
        let reason = match Libraries::open(&folders, major.versions, major.number) {
            Err(reason) => reason,
            Ok(libraries) => match (major.start)(libraries) {
                Ok(ready) => return Ok(*found.insert(ready)),
                Err(reason) => {
                    there.push(major.number);
                    reason
                }
            },
        };
        reasons.push(format!("FFmpeg {}: {reason}", major.number));
    }
    let others = OTHERS.iter().filter(|&&(major, avutil)| is_there(&folders, avutil, major));
    there.extend(others.map(|&(major, _)| major));
    Err(unavailable(&folders, &there, &reasons))
}

/// Says which majors are there, though none can be used, and what was tried.
fn unavailable(folders: &[PathBuf], there: &[u32], reasons: &[String]) -> Error {
    let folders: Vec<String> = folders.iter().map(|folder| folder.display().to_string()).collect();
    let place = match folders.as_slice() {
        [] => String::new(),
        some => format!(" in {}, which is all that {VARIABLE} names", some.join(" and ")),
    };
    let there: Vec<String> = there.iter().map(|major| format!("FFmpeg {major}")).collect();
    let what = match there.as_slice() {
        [] => "No FFmpeg was".to_owned(),
        [one] => format!("Only {one} was"),
        several => format!("Only {} were", several.join(" and ")),
    };
    let (reasons, hint) = (reasons.join(". "), install_hint());
    let message =
        format!("{what} found{place}; supported are {SUPPORTED}. {hint} What was tried: {reasons}.");
    Error::new(ErrorKind::Unavailable, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_but_cannot_be_used_is_named() {
        let message = |there: &[u32]| unavailable(&[], there, &["FFmpeg 5: too old".to_owned()]).to_string();
        assert!(message(&[]).contains("No FFmpeg was found; supported are FFmpeg 5.1 to 9."));
        assert!(message(&[5, 4]).contains("Only FFmpeg 5 and FFmpeg 4 were found; supported are"));
        assert!(message(&[5]).contains("Only FFmpeg 5 was found; "));
        assert!(message(&[5]).ends_with("What was tried: FFmpeg 5: too old."));
        let named = unavailable(&["/a".into(), "/b".into()], &[5], &[]).to_string();
        let expected = "Only FFmpeg 5 was found in /a and /b, which is all that AUDIODECODE_FFMPEG names; ";
        assert!(named.contains(expected), "{named}");
    }

    /// Versions of one library go up with the majors, and none is missing between the first and the last.
    #[test]
    fn every_major_from_5_to_9_has_libraries_of_its_own() {
        let numbers: Vec<u32> = MAJORS.iter().map(|major| major.number).collect();
        assert_eq!(numbers, [9, 8, 7, 6, 5]);
        for Major { number, versions, .. } in &MAJORS {
            let expected = (number + 52, number + 54, number + 54);
            assert_eq!((versions.avutil, versions.avcodec, versions.avformat), expected, "FFmpeg {number}");
        }
    }
}
