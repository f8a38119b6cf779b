use std::sync::Arc;

use audiodecode_pipeline::{Input, Result};

use crate::ogg_index::OggIndex;
use crate::ogg_page::{Page, next_page};
use crate::ogg_stream::{OggStream, read_streams};
use crate::opus::packet_frames;
use crate::packet::{Event, Group, Packet, PacketReader, Restart};
use crate::window::ReadWindow;

/// Longest packet put together from pages.
const MAX_PACKET_BYTES: usize = 16 << 20;

/// The packets of one logical stream of an Ogg file, a page at a time, through every link of a chain.
pub(crate) struct OggReader {
    window: ReadWindow,
    /// Which audio stream of every link is wanted.
    track: usize,
    audio_start: u64,
    at: u64,
    serial: u32,
    opus: bool,
    /// A packet that goes on in the next page.
    partial: Vec<u8>,
    has_partial: bool,
    sequence: Option<u32>,
    ended: bool,
    truncated: bool,
    gap: bool,
    /// Reading began in the middle, where half a packet is no loss.
    joined: bool,
    first: OggStream,
    index: Arc<OggIndex>,
    input: Input,
}

impl OggReader {
    pub(crate) fn new(input: Input, track: usize, first: OggStream, index: Arc<OggIndex>) -> Self {
        let mut reader = Self {
            window: ReadWindow::new(input.clone()),
            track,
            audio_start: first.audio_start,
            at: 0,
            serial: 0,
            opus: false,
            partial: Vec::new(),
            has_partial: false,
            sequence: None,
            ended: false,
            truncated: false,
            gap: false,
            joined: false,
            first: first.clone(),
            index,
            input,
        };
        reader.begin(&first);
        reader
    }

    fn begin(&mut self, stream: &OggStream) {
        self.at = stream.audio_start;
        self.audio_start = stream.audio_start;
        self.serial = stream.serial;
        self.opus = stream.codec == "opus";
        self.sequence = None;
        self.has_partial = false;
        self.partial.clear();
        self.ended = false;
        self.gap = false;
        self.joined = false;
    }

    /// The next link of the chain begins where a page says that it is the first of its stream.
    fn next_link(&mut self, at: u64) -> Result<Option<Event>> {
        let Ok(Some(streams)) = read_streams(&mut self.window, at) else {
            self.truncated = true;
            return Ok(None);
        };
        let Some(stream) = streams.into_iter().nth(self.track) else {
            self.truncated = true;
            return Ok(None);
        };
        let Ok(decoder) = stream.factory() else {
            self.truncated = true;
            return Ok(None);
        };
        self.begin(&stream);
        Ok(Some(Event::Restart(Restart {
            decoder,
            sample_rate: stream.sample_rate,
            channels: stream.channels,
            delay: stream.delay,
        })))
    }

    fn group(&mut self, page: &Page) -> Option<Group> {
        self.gap |= self.sequence.is_none() && page.head.at != self.audio_start;
        if self.sequence.is_some_and(|before| before.wrapping_add(1) != page.head.sequence) {
            self.gap = true;
            self.has_partial = false;
        }
        self.sequence = Some(page.head.sequence);
        let mut packets = Vec::new();
        for (index, (piece, complete)) in page.pieces().into_iter().enumerate() {
            let continues = index == 0 && page.head.continued;
            if continues && !self.has_partial {
                // Its beginning is lost.
                self.gap |= !self.joined && page.head.at != self.first.audio_start;
                continue;
            }
            if !continues {
                self.partial.clear();
            }
            if self.partial.len() + piece.len() > MAX_PACKET_BYTES {
                self.has_partial = false;
                self.gap = true;
                continue;
            }
            self.partial.extend_from_slice(piece);
            self.has_partial = !complete;
            if complete {
                let data: Box<[u8]> = std::mem::take(&mut self.partial).into();
                let frames = if self.opus { packet_frames(&data) } else { None };
                packets.push(Packet { data, frames, byte_offset: Some(page.head.at) });
            }
        }
        self.joined = false;
        self.ended |= page.head.last;
        if packets.is_empty() {
            return None;
        }
        let end = (page.head.granule >= 0).then_some(page.head.granule);
        let gap = std::mem::take(&mut self.gap);
        Some(Group { packets, end, last: page.head.last, gap, ..Group::default() })
    }
}

impl PacketReader for OggReader {
    fn next(&mut self) -> Result<Option<Event>> {
        loop {
            let Some(page) = next_page(&mut self.window, self.at, self.index.verified)? else {
                self.truncated |= !self.ended;
                return Ok(None);
            };
            self.at = page.head.end;
            if page.head.first {
                // A link without its last page has lost its end.
                self.truncated |= !self.ended;
                return self.next_link(page.head.at);
            }
            if page.head.serial == self.serial
                && !self.ended
                && let Some(group) = self.group(&page)
            {
                return Ok(Some(Event::Group(group)));
            }
        }
    }

    fn rewind(&mut self) -> Result<()> {
        let first = self.first.clone();
        self.begin(&first);
        self.truncated = false;
        Ok(())
    }

    fn approach(&mut self, raw: u64) -> Result<Option<u64>> {
        let Some(entry) = self.index.before(raw.min(i64::MAX as u64) as i64) else { return Ok(None) };
        self.at = entry.end;
        self.sequence = Some(entry.sequence);
        self.joined = true;
        Ok(u64::try_from(entry.granule).ok())
    }

    fn fork(&self) -> Result<Option<Box<dyn PacketReader>>> {
        let (input, first, index) = (self.input.clone(), self.first.clone(), self.index.clone());
        Ok(Some(Box::new(Self::new(input, self.track, first, index))))
    }

    fn truncated(&self) -> bool {
        self.truncated
    }
}
