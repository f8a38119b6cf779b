use std::collections::VecDeque;
use std::iter::once;
use std::sync::{Arc, Mutex};

use audiodecode_pipeline::{CancelFlag, Input, Result};

use crate::counted_places::{Counted, CountedPlaces, CountingReader, End, Place, find_place};
use crate::lacing::{split_lacing, vint};
use crate::matroska::{Element, MatroskaTrack, element_at, number};

use crate::packet::{Event, Group, Packet, PacketReader};
use crate::packet_lengths::{LENGTH_BYTES, PacketLengths};
use audiodecode_containers::ReadWindow;

/// Longest block read.
const MAX_BLOCK: u64 = 16 << 20;
/// Bytes read around a block by who only counts: few, since the rest of it or other tracks lie between; fewer where packets are long.
const COUNTING_WINDOW: usize = 4096;
const COUNTING_LONG_WINDOW: usize = 256;
/// Bytes fetched at once where one block follows the other, and where other tracks lie between.
const BLOCK: usize = 128 * 1024;
const BLOCK_BESIDE_OTHERS: usize = 16 * 1024;

/// The packets of one track of a Matroska file with their end trims, other tracks' blocks skipped unread.
pub(crate) struct MatroskaReader {
    input: Input,
    window: ReadWindow,
    track: MatroskaTrack,
    alone: bool,
    rate: u32,
    lengths: PacketLengths,
    at: u64,
    queue: VecDeque<Group>,
    gap: bool,
    truncated: bool,
    /// Packets come without their data, to be counted.
    counting: bool,
    /// Shared by all readers of the track.
    places: Arc<Mutex<CountedPlaces>>,
}

impl MatroskaReader {
    /// `alone` says that nothing but this track is in the file.
    pub(crate) fn new(
        input: Input,
        track: MatroskaTrack,
        alone: bool,
        rate: u32,
        mut lengths: PacketLengths,
    ) -> Self {
        lengths.restart();
        let places = CountedPlaces::new(Place { at: 0, raw: 0, lengths: lengths.clone() });
        Self {
            window: ReadWindow::of(input.clone(), if alone { BLOCK } else { BLOCK_BESIDE_OTHERS }),
            input,
            track,
            alone,
            rate,
            lengths,
            at: 0,
            queue: VecDeque::new(),
            gap: false,
            truncated: false,
            counting: false,
            places: Arc::new(Mutex::new(places)),
        }
    }

    /// Another one, at the beginning.
    fn another(&self) -> Self {
        Self::new(self.input.clone(), self.track.clone(), self.alone, self.rate, self.lengths.clone())
    }

    /// Another one, at a place, that reads as little of the blocks as it takes to count their frames.
    fn counting_from(&self, place: &Place) -> Self {
        let mut counting = self.another();
        let size = if self.lengths.are_of_long_packets() { COUNTING_LONG_WINDOW } else { COUNTING_WINDOW };
        counting.window = ReadWindow::of(self.input.clone(), size);
        counting.counting = true;
        counting.go_to(place);
        counting
    }

    fn go_to(&mut self, place: &Place) {
        self.at = place.at;
        self.lengths = place.lengths.clone();
        self.queue.clear();
        (self.gap, self.truncated) = (false, false);
    }

    /// Reads one element at `at` and goes on behind it, or into it.
    fn step(&mut self) -> Result<bool> {
        let Some(element) = element_at(&mut self.window, self.at)? else {
            if self.at >= self.window.file_len() {
                return Ok(false);
            }
            return self.resynchronise();
        };
        match element.id {
            // Segment, Cluster: their children follow.
            0x1853_8067 | 0x1f43_b675 => {
                if element.end.is_some_and(|end| end > self.window.file_len()) {
                    self.truncated = true;
                }
                self.at = element.body;
                return Ok(true);
            }
            0xa3 => self.read_block(&element, 0)?,
            0xa0 => self.read_group(&element)?,
            // Void, EBML header and everything known at these levels is passed over.
            _ => {}
        }
        match element.end {
            Some(end) if end > self.window.file_len() => {
                self.truncated = true;
                self.at = self.window.file_len();
                return Ok(false);
            }
            Some(end) => self.at = end,
            None => return self.resynchronise(),
        }
        Ok(true)
    }

    /// Looks for the next cluster behind bytes that make no sense.
    fn resynchronise(&mut self) -> Result<bool> {
        self.gap = true;
        let mut at = self.at + 1;
        loop {
            let bytes = self.window.bytes(at, 64 * 1024)?;
            if bytes.len() < 4 {
                self.truncated = true;
                self.at = self.window.file_len();
                return Ok(false);
            }
            if let Some(offset) = bytes.windows(4).position(|four| four == [0x1f, 0x43, 0xb6, 0x75]) {
                self.at = at + offset as u64;
                return Ok(true);
            }
            at += bytes.len() as u64 - 3;
        }
    }

    fn read_group(&mut self, group: &Element) -> Result<()> {
        let Some(end) = group.end.filter(|&end| end <= self.window.file_len()) else { return Ok(()) };
        let (mut at, mut block, mut discard) = (group.body, None, 0);
        while at < end {
            let Some(element) = element_at(&mut self.window, at)? else { break };
            let Some(next) = element.end.filter(|&next| next <= end) else { break };
            match element.id {
                0xa1 => block = Some(element),
                0x75a2 => {
                    // Signed nanoseconds; a negative value would cut the start and is not used by any muxer known.
                    let length = (next - element.body) as usize;
                    let bytes = self.window.bytes(element.body, length.min(8))?;
                    let negative = bytes.first().is_some_and(|byte| byte & 0x80 != 0);
                    discard = if negative { 0 } else { number(bytes) };
                }
                _ => {}
            }
            at = next;
        }
        match block {
            Some(block) => self.read_block(&block, discard),
            None => Ok(()),
        }
    }

    fn read_block(&mut self, block: &Element, discard_ns: u64) -> Result<()> {
        let Some(end) =
            block.end.filter(|&end| end <= self.window.file_len() && end - block.body <= MAX_BLOCK)
        else {
            return Ok(());
        };
        let head = self.window.bytes(block.body, 12)?;
        let Some((track, used)) = vint(head) else { return Ok(()) };
        if track != self.track.number || head.len() < used + 3 {
            return Ok(());
        }
        let flags = head[used + 2];
        let from = block.body + used as u64 + 3;
        if from > end {
            return Ok(());
        }
        let (length, lacing) = ((end - from) as usize, flags >> 1 & 3);
        let alone = lacing == 0;
        let bytes =
            self.read(from, if self.counting && alone { length.min(LENGTH_BYTES) } else { length })?;
        // Who counts sees the beginning of a packet, and has to know how long it is all the same.
        let Some(frames) =
            (if alone { Some(once(0..length).collect()) } else { split_lacing(&bytes, lacing) })
        else {
            self.gap = true;
            return Ok(());
        };
        let rate = u128::from(self.rate);
        let discard = ((u128::from(discard_ns) * rate + 500_000_000) / 1_000_000_000).min(1 << 32) as u64;
        let last = frames.len().saturating_sub(1);
        for (index, frame) in frames.into_iter().enumerate() {
            let there = bytes.get(frame.start..frame.end.min(bytes.len())).unwrap_or_default();
            let data: Box<[u8]> = [&self.track.stripped_header, there].concat().into();
            let length = self.track.stripped_header.len() + frame.len();
            let gap = std::mem::take(&mut self.gap);
            if gap {
                // What follows a gap is decoded afresh.
                self.lengths.restart();
            }
            let frames = self.lengths.next(&data, length);
            // Opus says how long a packet is, and its decoder may still know better.
            let counted = frames.is_some() && !matches!(self.lengths, PacketLengths::Opus);
            let packets = vec![Packet { data, frames, byte_offset: Some(from + frame.start as u64) }];
            let discard_end = if index == last { discard } else { 0 };
            self.queue.push_back(Group { packets, discard_end, gap, counted, ..Group::default() });
        }
        Ok(())
    }

    /// Fewer bytes only at the end of the file.
    fn read(&mut self, at: u64, length: usize) -> Result<Vec<u8>> {
        if length <= COUNTING_LONG_WINDOW || (length <= COUNTING_WINDOW && !self.counting) {
            return Ok(self.window.bytes(at, length)?.to_vec());
        }
        let mut bytes = vec![0; length];
        let count = self.input.read_at(at, &mut bytes)?;
        bytes.truncate(count);
        Ok(bytes)
    }
}

impl CountingReader for MatroskaReader {
    /// Passes the next block.
    fn count_next(&mut self, before: &Place) -> Result<std::result::Result<Counted, End>> {
        while self.queue.is_empty() {
            if !self.step()? {
                return Ok(Err(End::OfFile));
            }
        }
        let (mut raw, mut lands_at) = (before.raw, Some(before.raw));
        for (index, group) in self.queue.drain(..).enumerate() {
            let frames = group.packets.iter().try_fold(0, |sum: u64, packet| sum.checked_add(packet.frames?));
            let Some(frames) = frames else { return Ok(Err(End::OfKnowledge)) };
            if self.lengths.overlap() {
                // The first packet gives nothing to a decoder that begins with it.
                lands_at = lands_at.filter(|_| group.discard_end == 0);
                lands_at = lands_at.map(|at| if index == 0 { at.saturating_add(frames) } else { at });
            }
            // As packets are placed.
            raw = raw.saturating_add(frames).saturating_sub(group.discard_end).max(raw);
        }
        let after = Place { at: self.at, raw, lengths: self.lengths.clone() };
        Ok(Ok(Counted { after, lands_at }))
    }
}

impl PacketReader for MatroskaReader {
    fn next(&mut self) -> Result<Option<Event>> {
        loop {
            if let Some(group) = self.queue.pop_front() {
                return Ok(Some(Event::Group(group)));
            }
            if !self.step()? {
                return Ok(None);
            }
        }
    }

    fn rewind(&mut self) -> Result<()> {
        self.at = 0;
        self.queue.clear();
        self.lengths.restart();
        self.gap = false;
        self.truncated = false;
        Ok(())
    }

    /// Counts the packets up to there, once for all readers of the track.
    fn seek(&mut self, raw: u64, cancel: &CancelFlag) -> Result<Option<u64>> {
        if !self.lengths.are_countable() {
            return Ok(None);
        }
        let Some((place, at)) = find_place(&self.places, |place| Ok(self.counting_from(place)), raw, cancel)?
        else {
            return Ok(None);
        };
        self.go_to(&place);
        self.lengths.restart();
        Ok(Some(at))
    }

    fn fork(&self) -> Result<Option<Box<dyn PacketReader>>> {
        if !self.lengths.are_countable() {
            return Ok(None);
        }
        let mut fork = self.another();
        fork.places = Arc::clone(&self.places);
        Ok(Some(Box::new(fork)))
    }

    fn truncated(&self) -> bool {
        self.truncated
    }
}
