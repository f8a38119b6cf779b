use std::sync::mpsc::channel;

use audiodecode_pipeline::{Borrowed, CancelFlag, Error, OpenOptions, Result, run_beside};

use super::frame_index::{FrameEntry, FrameIndex};
use super::read_ahead::{Ahead, WORTHWHILE_BYTES, read_ahead};
use super::tag_bounds::leading_tag_length;
use super::vbr_tag::is_tag_frame;
use super::window::Window;
use audiodecode_mp3::Header;

/// How far into unknown bytes the first frame is looked for.
const MAX_LEADING_JUNK: u64 = 1 << 20;
/// Frame lengths fit the index's 12 bits; larger ones exist only in absurd free-format streams.
const MAX_FRAME_BYTES: u32 = 4095;
/// Free-format headers tried before giving up: each costs a search for the next header.
const MAX_FREE_FORMAT_TRIES: u32 = 64;

/// Finds every frame in one pass over the headers. `None` when this is not MPEG audio.
///
/// A header counts when the frame it promises ends where a header of the same stream begins. Where the chain breaks, the
/// next place is searched from which it holds again. The bytes between are lost frames: as many as frames of the local
/// mean length fit there, rounded; they keep their time and are silent. Less than half a frame is no time at all. Tags
/// that begin exactly where a frame should are skipped and lose nothing. A stretch of another rate, version or layer
/// ends the index. Bytes behind the last frame are not audio.
pub(super) fn scan_frames(
    window: &mut Window,
    start: u64,
    options: &OpenOptions,
) -> Result<Option<FrameIndex>> {
    let Some((first, header, free_length)) = find_start(window, start)? else { return Ok(None) };
    let mut scanner = Scanner {
        window,
        header,
        free_length,
        index: FrameIndex {
            frames: Vec::new(),
            header,
            free_length,
            tag_frame: None,
            audio_bytes: 0,
            ends_inside_frame: false,
            format_change: None,
        },
        max_frames: (options.limits.max_duration_seconds * f64::from(header.sample_rate())
            / f64::from(header.samples())) as u64
            + 8,
    };
    let rest = scanner.window.end() - first;
    let helper = options
        .helpers
        .filter(|_| rest >= WORTHWHILE_BYTES)
        .and_then(|budget| Borrowed::up_to(1, budget).pop());
    let Some(helper) = helper else {
        scanner.run(first, Ahead::Nothing, &options.cancel)?;
        return Ok(Some(scanner.index));
    };
    let (mut there, from) = (scanner.window.fork(), first + rest / 2);
    let (done, reading) = channel();
    let read = move || {
        let _borrowed = helper;
        // Nobody waits for it any more when the scan has failed.
        let _ = done.send(read_ahead(&mut there, header, free_length, from, &options.cancel));
    };
    run_beside([read], || scanner.run(first, Ahead::Reading { from, reading }, &options.cancel))?;
    Ok(Some(scanner.index))
}

struct Scanner<'a> {
    window: &'a mut Window,
    header: Header,
    free_length: u32,
    index: FrameIndex,
    max_frames: u64,
}

impl Scanner<'_> {
    fn run(&mut self, first: u64, mut ahead: Ahead, cancel: &CancelFlag) -> Result<()> {
        let mut position = first;
        let mut after_gap = false;
        let mut steps = 0_u32;
        loop {
            steps += 1;
            if steps.is_multiple_of(4096) {
                cancel.check()?;
            }
            if let Some(read) = ahead.reached(position).filter(|_| !after_gap) {
                for &entry in read {
                    self.push(entry)?;
                    self.index.audio_bytes += entry.length() as u64;
                    position = entry.offset() + entry.length() as u64;
                }
            }
            let Some(header) = self.matching_header(position)? else {
                let tag = leading_tag_length(self.window, position)?;
                if tag > 0 {
                    position += tag;
                    continue;
                }
                match self.resync(position, cancel)? {
                    Some(next) => {
                        position = next;
                        after_gap = true;
                        continue;
                    }
                    None => return Ok(()),
                }
            };
            let length = header.frame_length(self.free_length);
            if position + u64::from(length) > self.window.end() {
                self.index.ends_inside_frame = true;
                return Ok(());
            }
            let entry = FrameEntry::new(position, length, header.is_mono(), after_gap);
            after_gap = false;
            if position == first && is_tag_frame(self.window.slice(position, length as usize)?, header) {
                self.index.tag_frame = Some(entry);
            } else {
                self.push(entry)?;
                self.index.audio_bytes += u64::from(length);
            }
            position += u64::from(length);
        }
    }

    fn push(&mut self, entry: FrameEntry) -> Result<()> {
        if self.index.frames.len() as u64 >= self.max_frames {
            return Err(Error::limit("the signal is longer than limits.maxDurationSeconds"));
        }
        self.index.frames.push(entry);
        Ok(())
    }

    fn matching_header(&mut self, position: u64) -> Result<Option<Header>> {
        let Some(bytes) = self.window.four(position)? else { return Ok(None) };
        Ok(Header::parse(bytes).filter(|header| header.same_stream(self.header)))
    }

    /// The chain broke at `broken`, where the last indexed frame ends. Returns where it holds again; `None` is the end.
    fn resync(&mut self, broken: u64, cancel: &CancelFlag) -> Result<Option<u64>> {
        // The last frame's end is a promise that was not kept, so the search begins inside it: bytes may be missing there.
        let last = self.index.frames.last().copied().filter(|last| !last.is_lost());
        let last = last.filter(|last| last.offset() + last.length() as u64 == broken);
        let from = last.map_or(broken, |last| last.offset() + 4);
        let Some(next) = self.find_chain(from, cancel)? else { return Ok(None) };
        let mut gap_start = broken;
        if let Some(last) = last.filter(|&last| self.is_doubtful(last, broken, next)) {
            self.index.frames.pop();
            self.index.audio_bytes -= last.length() as u64;
            gap_start = last.offset();
        }
        for _ in 0..self.frames_in(next - gap_start) {
            self.push(FrameEntry::lost(gap_start))?;
        }
        Ok(Some(next))
    }

    /// Whether bytes of the last frame before a break are missing, too, or its own header states a wrong length.
    ///
    /// It is when the next frame begins inside it, or where it would end with its predecessor's length. Where all frames
    /// are equally long it also is unless whole frames fit between: then the bytes that are missing may be its own.
    fn is_doubtful(&self, last: FrameEntry, broken: u64, next: u64) -> bool {
        if next < broken {
            return true;
        }
        let mut before =
            self.index.frames.iter().rev().skip(1).filter(|frame| !frame.is_lost()).take(32).peekable();
        let Some(previous) = before.peek().map(|frame| frame.length() as u64) else { return false };
        if (next - last.offset()).abs_diff(previous) <= 4 && next != broken {
            return true;
        }
        let length = last.length() as u64;
        let constant = before.all(|frame| (frame.length() as u64).abs_diff(length) <= 4);
        let rest = (next - broken) % previous.max(1);
        constant && rest.min(previous - rest) > 8
    }

    /// How many frames of the local mean length these bytes were.
    fn frames_in(&self, bytes: u64) -> u64 {
        let recent = self.index.frames.iter().rev().filter(|frame| !frame.is_lost()).take(32);
        let (count, total) = recent.fold((0, 0), |(n, sum), frame| (n + 1, sum + frame.length() as u64));
        let mean = if count > 0 { total as f64 / f64::from(count) } else { self.mean_guess() };
        (bytes as f64 / mean.max(1.0)).round() as u64
    }

    fn mean_guess(&self) -> f64 {
        f64::from(self.header.frame_length(self.free_length))
    }

    /// The next place from which three headers follow each other, or fewer that end with the data. A chain of four in
    /// another format is where this stream ends.
    fn find_chain(&mut self, from: u64, cancel: &CancelFlag) -> Result<Option<u64>> {
        let mut position = from;
        while let Some(found) = next_sync(self.window, position, self.window.end(), cancel)? {
            if let Some(header) = self.window.four(found)?.and_then(Header::parse) {
                if header.same_stream(self.header) {
                    if chain(self.window, found, header, self.free_length, 3)?.holds(3) {
                        return Ok(Some(found));
                    }
                } else if !header.is_free_format() && chain(self.window, found, header, 0, 4)?.headers >= 4 {
                    self.index.format_change = Some((found, header.sample_rate()));
                    return Ok(None);
                }
            }
            position = found + 1;
        }
        Ok(None)
    }
}

/// How far headers follow each other.
pub(super) struct Chain {
    pub(super) headers: u32,
    /// The last frame ends exactly where the data does.
    ends_exactly: bool,
    /// The last frame ends beyond the data.
    runs_over: bool,
}

impl Chain {
    fn holds(&self, wanted: u32) -> bool {
        self.headers >= wanted || self.ends_exactly || (self.headers >= 2 && self.runs_over)
    }
}

pub(super) fn chain(
    window: &mut Window,
    from: u64,
    first: Header,
    free_length: u32,
    wanted: u32,
) -> Result<Chain> {
    let mut chain = Chain { headers: 0, ends_exactly: false, runs_over: false };
    let mut position = from;
    while chain.headers < wanted {
        let Some(bytes) = window.four(position)? else {
            chain.ends_exactly = position == window.end() && chain.headers > 0;
            return Ok(chain);
        };
        let Some(header) = Header::parse(bytes).filter(|header| header.same_stream(first)) else {
            return Ok(chain);
        };
        chain.headers += 1;
        position += u64::from(header.frame_length(free_length));
        if position > window.end() {
            chain.runs_over = true;
            return Ok(chain);
        }
    }
    Ok(chain)
}

/// The next byte 0xFF that eleven set bits may begin with.
pub(super) fn next_sync(
    window: &mut Window,
    from: u64,
    end: u64,
    cancel: &CancelFlag,
) -> Result<Option<u64>> {
    let mut position = from;
    while position + 4 <= end {
        let bytes = window.slice(position, 4096)?;
        if bytes.len() < 2 {
            return Ok(None);
        }
        if let Some(at) = bytes.windows(2).position(|pair| pair[0] == 0xFF && pair[1] >= 0xE0) {
            return Ok(Some(position + at as u64));
        }
        position += bytes.len() as u64 - 1;
        cancel.check()?;
    }
    Ok(None)
}

/// The first frame, its header and the free-format length. Right at `start` three headers in a row are proof, or fewer
/// that end with the data; behind unknown bytes it takes five.
fn find_start(window: &mut Window, start: u64) -> Result<Option<(u64, Header, u32)>> {
    let limit = window.end().min(start.saturating_add(MAX_LEADING_JUNK));
    let cancel = CancelFlag::default();
    let mut free_tries = 0;
    let mut position = start;
    while let Some(found) = next_sync(window, position, limit, &cancel)? {
        position = found + 1;
        let Some(header) = window.four(found)?.and_then(Header::parse) else { continue };
        let mut free_length = 0;
        if header.is_free_format() {
            free_tries += 1;
            if free_tries > MAX_FREE_FORMAT_TRIES {
                continue;
            }
            match find_free_length(window, found, header)? {
                Some(length) => free_length = length,
                None => continue,
            }
        }
        let chain = chain(window, found, header, free_length, 5)?;
        if chain.headers >= 5
            || (found == start && chain.holds(3))
            || (chain.headers >= 3 && chain.ends_exactly)
        {
            return Ok(Some((found, header, free_length)));
        }
    }
    Ok(None)
}

/// Bytes of an unpadded frame: the distance to a second header from which the same distance leads to a third.
fn find_free_length(window: &mut Window, at: u64, first: Header) -> Result<Option<u32>> {
    let padding = first.frame_length(0);
    let bytes = window.slice(at, 2 * MAX_FRAME_BYTES as usize + 8)?;
    let header_at = |at: usize| {
        let bytes = bytes.get(at..at + 4)?.first_chunk::<4>()?;
        Header::parse(*bytes).filter(|header| header.same_stream(first))
    };
    for distance in 24..MAX_FRAME_BYTES {
        let Some(second) = header_at(distance as usize) else { continue };
        let unpadded = distance - padding;
        let third = distance + second.frame_length(unpadded);
        if header_at(third as usize).is_some() {
            return Ok(Some(unpadded));
        }
    }
    Ok(None)
}
