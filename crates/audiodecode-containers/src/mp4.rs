use audiodecode_pipeline::Input;

use crate::bytes::{be_u64, read_exact_at, read_up_to};
use crate::mp4_entry::SampleEntry;
use crate::mp4_tables::{Mp4Tables, Table};
use crate::read_window::ReadWindow;

/// What Symphonia does not tell about a track of an MP4 file, read from the boxes themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mp4Track {
    /// Number that the file gives the track.
    pub id: u32,
    /// Ticks per second of the media.
    pub timescale: u32,
    /// Edits that show media, in order: length in movie ticks (0: to the end), start in media ticks.
    pub edits: Vec<(u64, u64)>,
    /// Samples (packets) of the sample table; 0 when the file is fragmented.
    pub samples: u64,
    /// Ticks that all of them last.
    pub ticks: u64,
    /// Ticks of most samples.
    pub common_ticks: u32,
    /// Whether all samples but the last last equally long, and that one no longer.
    pub regular: bool,
    /// What its first description says.
    pub entry: SampleEntry,
    /// Where its samples lie. What other tables say, a broken file lets contradict `samples` and `ticks`.
    pub tables: Mp4Tables,
}

/// The boxes of an MP4 file that matter for lengths.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mp4 {
    /// Ticks per second of edit lengths.
    pub movie_timescale: u32,
    /// In the order of the file.
    pub tracks: Vec<Mp4Track>,
    /// iTunes' gapless tag: delay and length in frames.
    pub smpb: Option<(u64, u64)>,
    /// Whether there may be movie fragments.
    pub fragmented: bool,
}

/// Boxes looked at in one file; more is an attack.
const MAX_BOXES: usize = 100_000;
/// Edits read; longer lists are not worth their memory.
const MAX_EDITS: u64 = 65_536;

/// Walks the boxes. `None` without a movie box.
pub fn read_mp4(input: &Input) -> Option<Mp4> {
    let mut walker = Walker { input, left: MAX_BOXES, mp4: Mp4::default(), seen: false };
    walker.walk(0, input.len(), 0);
    let mut mp4 = walker.mp4;
    for track in mp4.tracks.iter_mut().filter(|track| mp4.fragmented && track.tables.samples == 0) {
        // FFmpeg leaves times of the first fragment's samples in a table without samples.
        (track.samples, track.ticks, track.common_ticks) = (0, 0, 0);
    }
    walker.seen.then_some(mp4)
}

struct Walker<'a> {
    input: &'a Input,
    left: usize,
    mp4: Mp4,
    seen: bool,
}

impl Walker<'_> {
    fn walk(&mut self, start: u64, end: u64, depth: usize) {
        let mut at = start;
        while end.saturating_sub(at) >= 8 && self.left > 0 {
            self.left -= 1;
            let Some(head) = read_exact_at::<8>(self.input, at) else { return };
            let (mut size, mut body) = (be_u64(&head[..4]), at + 8);
            if size == 1 {
                let Some(long) = read_exact_at::<8>(self.input, at + 8) else { return };
                (size, body) = (be_u64(&long), at + 16);
            } else if size == 0 {
                size = end - at;
            }
            let Some(next) = at.checked_add(size).filter(|_| size >= body - at) else { return };
            self.visit([head[4], head[5], head[6], head[7]], body, next.min(end), depth);
            at = next;
        }
    }

    fn visit(&mut self, kind: [u8; 4], body: u64, end: u64, depth: usize) {
        if body > end || depth > 8 {
            return;
        }
        match &kind {
            b"moov" if depth == 0 => {
                self.seen = true;
                self.walk(body, end, 1);
            }
            b"trak" if self.mp4.tracks.len() < 1024 => {
                self.mp4.tracks.push(Mp4Track::default());
                self.walk(body, end, depth + 1);
            }
            b"mdia" | b"minf" | b"stbl" | b"edts" | b"udta" | b"ilst" if depth > 0 => {
                self.walk(body, end, depth + 1)
            }
            b"mvex" => self.mp4.fragmented = true,
            b"meta" if depth > 0 => {
                // QuickTime's has no version field before its boxes.
                let full = read_exact_at::<8>(self.input, body).is_none_or(|head| &head[4..] != b"hdlr");
                self.walk(if full { body + 4 } else { body }, end, depth + 1);
            }
            b"----" => self.read_free_form(body, end),
            b"mvhd" => self.mp4.movie_timescale = self.timescale(body).unwrap_or(0),
            b"mdhd" => {
                let timescale = self.timescale(body).unwrap_or(0);
                self.track(|track| track.timescale = timescale);
            }
            b"tkhd" => {
                let version = read_exact_at::<1>(self.input, body).map_or(0, |byte| byte[0]);
                let at = body + if version == 1 { 20 } else { 12 };
                let id = read_exact_at::<4>(self.input, at).map_or(0, u32::from_be_bytes);
                self.track(|track| track.id = id);
            }
            b"stsd" => {
                let entry = SampleEntry::parse(&read_up_to(self.input, body + 8, SampleEntry::BYTES));
                self.track(|track| track.entry = entry);
            }
            b"elst" => self.read_edits(body, end),
            b"stts" => self.read_times(body, end),
            b"stsc" => {
                let table = self.table(body, end, 12);
                self.track(|track| track.tables.runs = table);
            }
            b"stco" | b"co64" => {
                let table = self.table(body, end, if &kind == b"co64" { 8 } else { 4 });
                self.track(|track| track.tables.chunks = table);
            }
            b"stsz" => {
                let (equal, count) = (self.number(body + 4), self.number(body + 8));
                let sizes = Table::new(body + 12, end.min(self.input.len()), count, 4);
                self.track(|track| {
                    let tables = &mut track.tables;
                    (tables.equal_size, tables.samples, tables.sizes) = (equal, count, sizes);
                });
            }
            _ => {}
        }
    }

    fn track(&mut self, change: impl FnOnce(&mut Mp4Track)) {
        if let Some(track) = self.mp4.tracks.last_mut() {
            change(track);
        }
    }

    /// `mvhd` and `mdhd` begin alike: version, creation and modification times, timescale.
    fn timescale(&self, body: u64) -> Option<u32> {
        let version = read_exact_at::<1>(self.input, body)?[0];
        read_exact_at::<4>(self.input, body + if version == 1 { 20 } else { 12 }).map(u32::from_be_bytes)
    }

    /// Four bytes, 0 when the file ends before.
    fn number(&self, at: u64) -> u64 {
        read_exact_at::<4>(self.input, at).map_or(0, |bytes| u64::from(u32::from_be_bytes(bytes)))
    }

    /// The list of a box that has only one, of entries of `size` bytes.
    fn table(&self, body: u64, end: u64, size: u64) -> Table {
        Table::new(body + 8, end.min(self.input.len()), self.number(body + 4), size)
    }

    fn read_edits(&mut self, body: u64, end: u64) {
        let wide = read_exact_at::<1>(self.input, body).is_some_and(|byte| byte[0] == 1);
        let (size, half) = if wide { (20, 8) } else { (12, 4) };
        let count = self.table(body, end, size).count.min(MAX_EDITS);
        let entries = read_up_to(self.input, body + 8, (count * size) as usize);
        let empty = if wide { u64::MAX } else { u64::from(u32::MAX) };
        let edits = entries
            .chunks_exact(size as usize)
            .map(|entry| (be_u64(&entry[..half]), be_u64(&entry[half..2 * half])));
        // Empty edits only say when a track begins to play.
        let edits: Vec<_> = edits.filter(|edit| edit.1 != empty).take(64).collect();
        self.track(|track| track.edits = edits);
    }

    fn read_times(&mut self, body: u64, end: u64) {
        let times = self.table(body, end, 8);
        let mut window = ReadWindow::new(self.input.clone());
        let (mut samples, mut ticks, mut most) = (0u64, 0u64, (0, 0));
        let (mut length, mut regular) = (None::<u64>, true);
        for entry in 0..times.count {
            let Ok([count, delta]) = times.entry(&mut window, entry) else { break };
            if count > 0 {
                // What follows something shorter is not regular, and neither is what is longer.
                regular &= length.is_none_or(|length| delta <= length && (delta == length || count == 1));
                regular &= samples == 0 || length == Some(ticks / samples);
                length.get_or_insert(delta);
            }
            samples = samples.saturating_add(count);
            ticks = ticks.saturating_add(count.saturating_mul(delta));
            if count > most.0 {
                most = (count, delta as u32);
            }
        }
        self.track(|track| {
            (track.samples, track.ticks, track.common_ticks) = (samples, ticks, most.1);
            (track.regular, track.tables.times) = (regular, times);
        });
    }

    /// iTunes' free-form tag: `mean`, `name` and `data` boxes in a row.
    fn read_free_form(&mut self, body: u64, end: u64) {
        let bytes = read_up_to(self.input, body, end.saturating_sub(body).min(4096) as usize);
        let (mut rest, mut ours) = (&bytes[..], false);
        while rest.len() >= 8 {
            let size = (be_u64(&rest[..4]) as usize).clamp(8, rest.len());
            match &rest[4..8] {
                b"name" => ours = rest[8..size].ends_with(b"iTunSMPB"),
                b"data" if ours && size > 16 => self.mp4.smpb = parse_smpb(&rest[16..size]),
                _ => {}
            }
            rest = &rest[size..];
        }
    }
}

/// ` 00000000 00000840 000001CA 00000000003F31F6 …`: zero, delay, padding, length, all hexadecimal.
fn parse_smpb(text: &[u8]) -> Option<(u64, u64)> {
    let text = std::str::from_utf8(text).ok()?;
    let mut numbers = text.split_whitespace().map(|word| u64::from_str_radix(word, 16).ok());
    let delay = numbers.nth(1)??;
    let length = numbers.nth(1)??;
    (length > 0 && delay < 1 << 20).then_some((delay, length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn itunes_gapless_tag_gives_delay_and_length() {
        let text = b" 00000000 00000840 000001CA 00000000003F31F6 00000000 00000000";
        assert_eq!(parse_smpb(text), Some((2112, 4_141_558)));
        assert_eq!(parse_smpb(b"nonsense"), None);
    }

    #[test]
    fn a_table_is_regular_when_only_its_last_sample_is_shorter() {
        let regular = |entries: &[(u32, u32)]| {
            let list: Vec<u8> = entries
                .iter()
                .flat_map(|&(count, delta)| [count.to_be_bytes(), delta.to_be_bytes()].concat())
                .collect();
            let count = (entries.len() as u32).to_be_bytes();
            let wrap = |kind: &[u8; 4], body: &[u8]| {
                [&(body.len() as u32 + 8).to_be_bytes()[..], kind, body].concat()
            };
            let times = wrap(b"stts", &[&[0; 4], &count[..], &list].concat());
            let movie = wrap(b"moov", &wrap(b"trak", &wrap(b"stbl", &times)));
            read_mp4(&Input::from_bytes(movie)).unwrap().tracks[0].regular
        };
        for entries in
            [&[(9, 4096)][..], &[(9, 4096), (1, 100)], &[(4, 4096), (5, 4096), (1, 4096)], &[(1, 100)]]
        {
            assert!(regular(entries), "{entries:?}");
        }
        for entries in [
            &[(9, 4096), (1, 4097)][..],
            &[(9, 4096), (2, 100)],
            &[(9, 4096), (1, 100), (1, 4096)],
            &[(9, 4096), (1, 100), (1, 100)],
        ] {
            assert!(!regular(entries), "{entries:?}");
        }
    }

    #[test]
    fn a_box_that_claims_to_be_huge_or_tiny_ends_the_walk() {
        for size in [[0, 0, 0, 7], [0xff; 4], [0, 0, 0, 1]] {
            let mut bytes = size.to_vec();
            bytes.extend_from_slice(b"moov\xff\xff\xff\xff\xff\xff\xff\xff");
            read_mp4(&Input::from_bytes(bytes));
        }
    }
}
