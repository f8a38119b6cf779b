use std::sync::mpsc::Receiver;

use audiodecode_mp3::Header;
use audiodecode_pipeline::{CancelFlag, Result};

use super::frame_index::FrameEntry;
use super::scan::{chain, next_sync};
use super::window::Window;

/// Bytes to read through that are worth a second thread: a millisecond of them.
pub(super) const WORTHWHILE_BYTES: u64 = 4 << 20;

/// Headers that have to follow each other for a place to be taken for a frame without knowing what is before it. When it is
/// none all the same, nobody will ever arrive there.
const CERTAIN_HEADERS: u32 = 8;

/// What another thread finds behind the place that the scan is at.
pub(super) enum Ahead {
    Nothing,
    /// It has not been asked yet; it began at this place.
    Reading {
        from: u64,
        reading: Receiver<Result<Vec<FrameEntry>>>,
    },
    /// Frames that follow each other without a break.
    Read(Vec<FrameEntry>),
}

impl Ahead {
    /// The frames from this place on, when one of those found begins exactly here: the scan would find the same ones, since each
    /// frame's header says where the next one is.
    pub(super) fn reached(&mut self, position: u64) -> Option<&[FrameEntry]> {
        if matches!(self, Self::Reading { from, .. } if *from <= position)
            && let Self::Reading { reading, .. } = std::mem::replace(self, Self::Nothing)
        {
            // What went wrong there will go wrong here, and without a thread nothing was read there.
            *self = reading.recv().ok().and_then(Result::ok).map_or(Self::Nothing, Self::Read);
        }
        let Self::Read(frames) = self else { return None };
        let at = frames.binary_search_by_key(&position, |frame| frame.offset()).ok()?;
        frames.get(at..)
    }
}

/// Finds a place behind `from` at which frames of the stream follow each other, and lists them as far as they do.
pub(super) fn read_ahead(
    window: &mut Window,
    stream: Header,
    free_length: u32,
    from: u64,
    cancel: &CancelFlag,
) -> Result<Vec<FrameEntry>> {
    let mut frames = Vec::new();
    let mut position = from;
    while let Some(found) = next_sync(window, position, window.end(), cancel)? {
        if chain(window, found, stream, free_length, CERTAIN_HEADERS)?.headers >= CERTAIN_HEADERS {
            position = found;
            break;
        }
        position = found + 1;
    }
    while let Some(header) = window.four(position)?.and_then(Header::parse) {
        let length = header.frame_length(free_length);
        let end = position + u64::from(length);
        if !header.same_stream(stream) || length == 0 || end > window.end() {
            break;
        }
        if frames.len() % 4096 == 0 {
            cancel.check()?;
        }
        frames.push(FrameEntry::new(position, length, header.is_mono(), false));
        position = end;
    }
    Ok(frames)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use audiodecode_pipeline::{Input, OpenOptions, ThreadBudget};

    use super::super::scan::scan_frames;
    use super::*;

    /// Lends a thread to whoever asks, and counts them.
    #[derive(Debug, Default)]
    struct Lender(AtomicUsize);

    impl ThreadBudget for Lender {
        fn borrow(&self, wanted: usize) -> usize {
            self.0.fetch_add(wanted, Ordering::Relaxed);
            wanted
        }

        fn give_back(&self, _threads: usize) {}

        fn is_contended(&self) -> bool {
            false
        }
    }

    fn long_stream(name: &str) -> Vec<u8> {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/mpeg/");
        let bytes = std::fs::read(format!("{folder}{name}")).unwrap();
        bytes.iter().copied().cycle().take(5 << 20).collect()
    }

    type Index = (Vec<FrameEntry>, u64, bool, Option<(u64, u32)>);

    fn index(bytes: &[u8], helpers: Option<&'static dyn ThreadBudget>) -> Option<Index> {
        let mut window = Window::new(&Input::from_bytes(bytes), u64::MAX);
        let options = OpenOptions { helpers, ..OpenOptions::default() };
        let index = scan_frames(&mut window, 0, &options).unwrap()?;
        Some((index.frames, index.audio_bytes, index.ends_inside_frame, index.format_change))
    }

    #[test]
    fn two_threads_find_the_frames_that_one_finds() {
        let lender: &'static Lender = Box::leak(Box::default());
        for name in ["untagged-v2.mp3", "mpeg2-mono8.mp3", "free-format.mp3", "stereo.mp2"] {
            let stream = long_stream(name);
            let middle = stream.len() / 2;
            let mut broken = vec![stream.clone()];
            for at in [middle / 2, middle - 700, middle - 1, middle, middle + 300, middle + middle / 2] {
                let mut cut = stream.clone();
                cut.drain(at..at + 333);
                broken.push(cut);
                let mut overwritten = stream.clone();
                overwritten[at..at + 5000].fill(0xFF);
                broken.push(overwritten);
            }
            for (at, bytes) in broken.iter().enumerate() {
                let expected = index(bytes, None);
                assert!(expected.as_ref().is_some_and(|index| index.0.len() > 1000), "{name}");
                assert_eq!(index(bytes, Some(lender)), expected, "{name}, variant {at}");
            }
        }
        assert_eq!(lender.0.load(Ordering::Relaxed), 4 * 13);
    }

    #[test]
    fn a_short_stream_asks_for_no_thread() {
        let lender: &'static Lender = Box::leak(Box::default());
        index(&long_stream("untagged-v2.mp3")[..(4 << 20) - 1], Some(lender));
        assert_eq!(lender.0.load(Ordering::Relaxed), 0);
    }
}
