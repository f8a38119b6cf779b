use std::collections::VecDeque;

use audiodecode_pipeline::{Input, Result};

use crate::matroska::{Element, MatroskaTrack, element_at, number};
use crate::packet::{Event, Group, Packet, PacketReader};
use crate::packet_lengths::PacketLengths;
use audiodecode_containers::ReadWindow;

/// Longest block read.
const MAX_BLOCK: u64 = 16 << 20;

/// The packets of one track of a Matroska file with their end trims, other tracks' blocks skipped unread.
pub(crate) struct MatroskaReader {
    input: Input,
    window: ReadWindow,
    track: MatroskaTrack,
    rate: u32,
    lengths: PacketLengths,
    start: u64,
    at: u64,
    queue: VecDeque<Group>,
    gap: bool,
    truncated: bool,
}

impl MatroskaReader {
    pub(crate) fn new(
        input: Input,
        track: MatroskaTrack,
        start: u64,
        rate: u32,
        lengths: PacketLengths,
    ) -> Self {
        let window = ReadWindow::new(input.clone());
        Self {
            input,
            window,
            track,
            rate,
            lengths,
            start,
            at: start,
            queue: VecDeque::new(),
            gap: false,
            truncated: false,
        }
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
        let mut bytes = vec![0; (end - from) as usize];
        let count = self.input.read_at(from, &mut bytes)?;
        bytes.truncate(count);
        let Some(frames) = split_lacing(&bytes, flags >> 1 & 3) else {
            self.gap = true;
            return Ok(());
        };
        let rate = u128::from(self.rate);
        let discard = ((u128::from(discard_ns) * rate + 500_000_000) / 1_000_000_000).min(1 << 32) as u64;
        let last = frames.len().saturating_sub(1);
        for (index, frame) in frames.into_iter().enumerate() {
            let data: Box<[u8]> = [&self.track.stripped_header, frame].concat().into();
            let gap = std::mem::take(&mut self.gap);
            if gap {
                // What follows a gap is decoded afresh.
                self.lengths.restart();
            }
            let frames = self.lengths.next(&data);
            // Opus says how long a packet is, and its decoder may still know better.
            let counted = frames.is_some() && !matches!(self.lengths, PacketLengths::Opus);
            let packets = vec![Packet { data, frames, byte_offset: Some(block.body) }];
            let discard_end = if index == last { discard } else { 0 };
            self.queue.push_back(Group { packets, discard_end, gap, counted, ..Group::default() });
        }
        Ok(())
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
        self.at = self.start;
        self.queue.clear();
        self.lengths.restart();
        self.gap = false;
        self.truncated = false;
        Ok(())
    }

    fn fork(&self) -> Result<Option<Box<dyn PacketReader>>> {
        if matches!(self.lengths, PacketLengths::Unknown | PacketLengths::Opus) {
            return Ok(None);
        }
        let (input, track, mut lengths) = (self.input.clone(), self.track.clone(), self.lengths.clone());
        lengths.restart();
        Ok(Some(Box::new(Self::new(input, track, self.start, self.rate, lengths))))
    }

    fn truncated(&self) -> bool {
        self.truncated
    }
}

/// A variable-length number without its marker, and its length.
fn vint(bytes: &[u8]) -> Option<(u64, usize)> {
    let first = *bytes.first()?;
    let length = first.leading_zeros() as usize + 1;
    if length > 8 || bytes.len() < length {
        return None;
    }
    let value = number(&bytes[..length]);
    Some((value & !(1u64 << (7 * length)), length))
}

/// The frames of a block (RFC 9559, 10.3): none, Xiph, fixed or EBML lacing.
fn split_lacing(bytes: &[u8], lacing: u8) -> Option<Vec<&[u8]>> {
    if lacing == 0 {
        return Some(vec![bytes]);
    }
    let count = usize::from(*bytes.first()?) + 1;
    let mut rest = &bytes[1..];
    let mut sizes = Vec::with_capacity(count);
    match lacing {
        1 => {
            for _ in 1..count {
                let mut size = 0;
                loop {
                    let (&byte, tail) = rest.split_first()?;
                    rest = tail;
                    size += usize::from(byte);
                    if byte < 255 {
                        break;
                    }
                }
                sizes.push(size);
            }
        }
        2 => {
            if !rest.len().is_multiple_of(count) {
                return None;
            }
            sizes = vec![rest.len() / count; count - 1];
        }
        _ => {
            let mut size = 0i64;
            for index in 1..count {
                let (value, used) = vint(rest)?;
                rest = &rest[used..];
                let value = i64::try_from(value).ok()?;
                // Later sizes are differences, stored with half their range added.
                size = if index == 1 { value } else { size + value - ((1i64 << (7 * used - 1)) - 1) };
                sizes.push(usize::try_from(size).ok()?);
            }
        }
    }
    let mut frames = Vec::with_capacity(count);
    for size in sizes {
        let (frame, tail) = rest.split_at_checked(size)?;
        frames.push(frame);
        rest = tail;
    }
    frames.push(rest);
    Some(frames)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lacing_gives_every_frame_and_refuses_sizes_that_lie() {
        // The example of RFC 9559, 10.3.3: frames of 800, 500 and 1000 bytes.
        let body = vec![0u8; 2300];
        let ebml = [&[2, 0x43, 0x20, 0x5e, 0xd3][..], &body].concat();
        let xiph = [&[2, 255, 255, 255, 35, 255, 245][..], &body].concat();
        for (bytes, kind) in [(&ebml, 3), (&xiph, 1)] {
            let lengths: Vec<usize> =
                split_lacing(bytes, kind).expect("frames").iter().map(|f| f.len()).collect();
            assert_eq!(lengths, [800, 500, 1000]);
        }
        assert!(split_lacing(&[2, 255, 255], 1).is_none());
        assert!(split_lacing(&[2, 0x43, 0x20, 0x5e, 0xd3, 0], 3).is_none());
        assert!(split_lacing(&[2, 1, 2, 3, 4], 2).is_none());
    }
}
