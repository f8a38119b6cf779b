use audiodecode_pipeline::{CancelFlag, Input, Result};

use crate::flac::FlacHeader;
use crate::flac_frame::{FlacFrame, MAX_HEADER_BYTES, crc16};
use crate::flac_seek::find_frame;
use crate::packet::{Event, Group, Packet, PacketReader};

/// Bytes read at once.
const CHUNK_BYTES: usize = 256 << 10;
/// No frame is larger: 65,535 samples of 8 channels in 32 bits, and room for headers.
const MAX_FRAME_BYTES: usize = (65_535 * 8 * 4) + (64 << 10);

/// The frames of a native FLAC file, their checksums verified, in order or from any place.
pub(crate) struct FlacReader {
    input: Input,
    header: FlacHeader,
    /// Bytes of the file from `buffer_start` on; those before `at` are done with.
    buffer: Vec<u8>,
    buffer_start: u64,
    at: usize,
    truncated: bool,
}

/// How far a frame reaches.
enum Extent {
    /// To this place in the buffer, and its checksum agrees.
    Whole(usize),
    /// Its checksum does not agree; the search goes on from this place.
    Broken(usize),
    /// The file ends inside it.
    CutOff,
}

impl FlacReader {
    pub(crate) fn new(input: Input, header: FlacHeader) -> Self {
        let buffer_start = header.audio_start;
        Self { input, header, buffer: Vec::new(), buffer_start, at: 0, truncated: false }
    }

    fn block_frames(&self) -> u64 {
        u64::from(self.header.block_frames)
    }

    /// Appends more of the file; false at its end.
    fn fill(&mut self) -> Result<bool> {
        self.buffer.drain(..self.at);
        self.buffer_start += self.at as u64;
        self.at = 0;
        let length = self.buffer.len();
        self.buffer.resize(length + CHUNK_BYTES, 0);
        let count = self.input.read_at(self.buffer_start + length as u64, &mut self.buffer[length..])?;
        self.buffer.truncate(length + count);
        Ok(count > 0)
    }

    /// The header at `at`, more of the file read if need be.
    fn header_here(&mut self) -> Result<Option<FlacFrame>> {
        while self.buffer.len() - self.at < MAX_HEADER_BYTES && self.fill()? {}
        Ok(FlacFrame::parse(&self.buffer[self.at..], self.block_frames()))
    }

    /// Moves on to the next place where a frame may begin; false at the end of the file.
    fn skip_to_sync(&mut self) -> Result<bool> {
        loop {
            let rest = &self.buffer[self.at..];
            if let Some(offset) = find_sync(rest) {
                self.at += offset;
                return Ok(true);
            }
            // The last byte may be the first of a pair.
            self.at = self.buffer.len() - usize::from(rest.last() == Some(&0xff));
            if !self.fill()? {
                return Ok(false);
            }
        }
    }

    /// Finds where the frame at `at` ends: where the next one's header begins, as the numbers say, or else where the checksum
    /// comes out.
    fn extent(&mut self, frame: FlacFrame) -> Result<Extent> {
        let mut from = frame.header_bytes;
        let (mut crc, mut checked) = (0, 0);
        loop {
            let rest = &self.buffer[self.at..];
            while let Some(offset) = find_sync(&rest[from.min(rest.len())..]) {
                let end = from + offset;
                let Some(next) = FlacFrame::parse(&rest[end..], self.block_frames()) else {
                    if rest.len() - end < MAX_HEADER_BYTES {
                        break;
                    }
                    from = end + 1;
                    continue;
                };
                (crc, checked) = (crc16(crc, &rest[checked..end]), end);
                if crc == 0 {
                    return Ok(Extent::Whole(self.at + end));
                }
                // By its number the next one, or one behind it whose predecessor's header is damaged.
                if next.start >= frame.end() {
                    return Ok(self.end_by_checksum(frame, end));
                }
                from = end + 1;
            }
            from = from.max(find_sync_from(rest, from));
            if rest.len() > MAX_FRAME_BYTES {
                return Ok(self.end_by_checksum(frame, rest.len()));
            }
            if !self.fill()? {
                let end = self.buffer.len() - self.at;
                return Ok(match self.end_by_checksum(frame, end) {
                    Extent::Broken(_) => Extent::CutOff,
                    whole => whole,
                });
            }
        }
    }

    /// A frame that ends before `limit` without a header behind it: the last one, or one before damage.
    fn end_by_checksum(&self, frame: FlacFrame, limit: usize) -> Extent {
        let bytes = &self.buffer[self.at..self.at + limit];
        let (mut crc, mut whole) = (crc16(0, &bytes[..frame.header_bytes]), None);
        for end in frame.header_bytes + 1..=limit {
            crc = crc16(crc, &bytes[end - 1..end]);
            if crc == 0 {
                let at_sync = end == limit || bytes[end] == 0xff;
                // By chance the checksum comes out once in 65,536 bytes.
                if at_sync || whole.is_none() {
                    whole = Some(end);
                }
                if at_sync {
                    break;
                }
            }
        }
        match whole {
            Some(end) => Extent::Whole(self.at + end),
            None => Extent::Broken(self.at + limit),
        }
    }
}

/// The next two bytes that a frame may begin with.
pub(crate) fn find_sync(bytes: &[u8]) -> Option<usize> {
    let mut from = 0;
    loop {
        let at = from + memchr::memchr(0xff, &bytes[from..])?;
        if bytes.get(at + 1)? & 0xfe == 0xf8 {
            return Some(at);
        }
        from = at + 1;
    }
}

/// Where the search goes on once there are more bytes.
fn find_sync_from(bytes: &[u8], from: usize) -> usize {
    match bytes.get(from..).and_then(find_sync) {
        Some(offset) => from + offset,
        None => bytes.len().saturating_sub(1),
    }
}

impl PacketReader for FlacReader {
    fn next(&mut self) -> Result<Option<Event>> {
        let mut gap = false;
        loop {
            let Some(frame) = self.header_here()? else {
                if self.at < self.buffer.len() {
                    self.at += 1;
                    gap = true;
                }
                if self.skip_to_sync()? {
                    continue;
                }
                return Ok(None);
            };
            match self.extent(frame)? {
                Extent::Whole(end) => {
                    let byte_offset = Some(self.buffer_start + self.at as u64);
                    let data = self.buffer[self.at..end].into();
                    self.at = end;
                    let packets = vec![Packet { data, frames: Some(frame.frames), byte_offset }];
                    let start = Some(frame.start.min(i64::MAX as u64) as i64);
                    return Ok(Some(Event::Group(Group { packets, start, gap, ..Group::default() })));
                }
                Extent::Broken(end) => {
                    self.at = end;
                    gap = true;
                }
                Extent::CutOff => {
                    self.truncated = true;
                    // A false header in what follows the last frame must not hide a real one.
                    self.at += 1;
                    gap = true;
                }
            }
        }
    }

    fn rewind(&mut self) -> Result<()> {
        *self = Self::new(self.input.clone(), self.header);
        Ok(())
    }

    fn seek(&mut self, raw: u64, _cancel: &CancelFlag) -> Result<Option<u64>> {
        let Some(found) = find_frame(&self.input, &self.header, raw)? else { return Ok(None) };
        let inside =
            found.at >= self.buffer_start && found.at <= self.buffer_start + self.buffer.len() as u64;
        if inside {
            self.at = (found.at - self.buffer_start) as usize;
        } else {
            self.buffer.clear();
            (self.buffer_start, self.at) = (found.at, 0);
        }
        Ok(Some(found.start))
    }

    fn fork(&self) -> Result<Option<Box<dyn PacketReader>>> {
        Ok(Some(Box::new(Self::new(self.input.clone(), self.header))))
    }

    fn truncated(&self) -> bool {
        self.truncated
    }
}
