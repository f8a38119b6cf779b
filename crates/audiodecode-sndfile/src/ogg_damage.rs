//! Pages of an Ogg file that are not what was written. libsndfile passes over them and tells nobody.

use audiodecode_pipeline::{CancelFlag, Damage, Input, Result};

use crate::ogg_checksum::has_valid_checksum;
use crate::ogg_pages::page_length;

/// Bytes looked at together: more than any page has.
const WINDOW_BYTES: usize = 1 << 18;
const NO_GRANULE: u64 = u64::MAX;
/// The last page of a stream.
const END_OF_STREAM: u8 = 4;

/// Reads the whole file once and gives the stretches between the last good page before and the first good one behind what is
/// broken, missing, or follows the end of the stream. `pre_skip` is taken from every position.
pub(crate) fn ogg_damage(input: &Input, pre_skip: u64, cancel: &CancelFlag) -> Result<Vec<Damage>> {
    let mut walk = Walk { pre_skip, ..Walk::default() };
    let mut window = vec![0; WINDOW_BYTES];
    let mut start = 0;
    while start < input.len() {
        cancel.check()?;
        let count = input.read_at(start, &mut window)?;
        let is_last = start + count as u64 >= input.len();
        let used = walk.pages(&window[..count], start, is_last);
        // A window without any page moves on by all but what a page's first bytes may be.
        start += used.max(1) as u64;
        if is_last && used >= count {
            break;
        }
    }
    Ok(walk.damage)
}

#[derive(Default)]
struct Walk {
    pre_skip: u64,
    /// Frame behind the last good page.
    frame: u64,
    sequence: Option<u32>,
    serial: Option<[u8; 4]>,
    ended: bool,
    /// Where the trouble began that no good page has followed yet, and what it is.
    open: Option<(u64, &'static str)>,
    damage: Vec<Damage>,
}

impl Walk {
    /// Walks the pages that lie in the bytes whole and returns how many bytes are done with.
    fn pages(&mut self, bytes: &[u8], start: u64, is_last: bool) -> usize {
        let mut at = 0;
        while at < bytes.len() {
            let rest = &bytes[at..];
            let length =
                page_length(rest).filter(|&length| length <= rest.len() && rest.starts_with(b"OggS\0"));
            if let Some(page) = length.map(|length| &rest[..length]).filter(|page| has_valid_checksum(page)) {
                self.good_page(page, start + at as u64);
                at += page.len();
                continue;
            }
            // It may go on behind these bytes.
            if !is_last && rest.len() < WINDOW_BYTES / 2 {
                return at;
            }
            self.open.get_or_insert((start + at as u64, "a page is damaged"));
            at += 1 + rest[1..].windows(4).position(|four| four == b"OggS").unwrap_or(rest.len() - 1);
        }
        self.close_at_end(is_last);
        bytes.len()
    }

    fn good_page(&mut self, page: &[u8], offset: u64) {
        let field = |at: usize| page.get(at..at + 4).and_then(|bytes| bytes.first_chunk::<4>()).copied();
        let (Some(serial), Some(sequence)) = (field(14), field(18).map(u32::from_le_bytes)) else { return };
        // Another stream beside this one is none of its business.
        if *self.serial.get_or_insert(serial) != serial {
            return;
        }
        if self.ended {
            self.open.get_or_insert((offset, "another stream follows the end of the first"));
            return;
        }
        if self.sequence.is_some_and(|last| last.wrapping_add(1) != sequence) {
            self.open.get_or_insert((offset, "a page is missing"));
        }
        self.sequence = Some(sequence);
        let granule =
            page.get(6..).and_then(|bytes| bytes.first_chunk::<8>()).map(|bytes| u64::from_le_bytes(*bytes));
        self.ended = page.get(5).is_some_and(|flags| flags & END_OF_STREAM != 0);
        let Some(granule) = granule.filter(|&granule| granule != NO_GRANULE) else { return };
        let frame = granule.saturating_sub(self.pre_skip);
        self.close(frame);
        self.frame = frame;
    }

    fn close(&mut self, end_frame: u64) {
        if let Some((offset, reason)) = self.open.take() {
            let (start_frame, end_frame) = (self.frame.min(end_frame), end_frame);
            self.damage.push(Damage {
                start_frame,
                end_frame,
                byte_offset: Some(offset),
                reason: reason.to_owned(),
            });
        }
    }

    /// What is broken behind the last page takes no known number of frames with it.
    fn close_at_end(&mut self, is_last: bool) {
        if is_last {
            self.close(self.frame);
        }
    }
}
