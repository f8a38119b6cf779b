use std::sync::Arc;

use audiodecode_pipeline::{CancelFlag, Input, Result};

use crate::ogg_index::OggIndex;
use crate::ogg_joiner::OggJoiner;
use crate::ogg_stream::{OggStream, read_streams};
use crate::packet::{Event, Group, Packet, PacketReader, Restart};
use audiodecode_containers::ReadWindow;
use audiodecode_containers::{Page, next_page};

/// The packets of one logical stream of an Ogg file, a page at a time, through every link of a chain.
pub(crate) struct OggReader {
    input: Input,
    window: ReadWindow,
    /// Which audio stream of every link is wanted.
    track: usize,
    first: Arc<OggStream>,
    index: Arc<OggIndex>,
    at: u64,
    serial: u32,
    joiner: OggJoiner,
    /// The next page is one to begin from: the packets that end there are not wanted.
    landing: bool,
    ended: bool,
    truncated: bool,
}

impl OggReader {
    pub(crate) fn new(input: Input, track: usize, first: Arc<OggStream>, index: Arc<OggIndex>) -> Self {
        Self {
            window: ReadWindow::new(input.clone()),
            input,
            track,
            at: first.audio_start,
            serial: first.serial,
            joiner: OggJoiner::new(&first, usize::MAX),
            first,
            index,
            landing: false,
            ended: false,
            truncated: false,
        }
    }

    fn begin(&mut self, stream: &OggStream) {
        self.at = stream.audio_start;
        self.serial = stream.serial;
        self.joiner = OggJoiner::new(stream, usize::MAX);
        self.landing = false;
        self.ended = false;
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

    fn group(&mut self, page: &Page) -> Result<Option<Group>> {
        let mut packets = Vec::new();
        let joined = self.joiner.join(page, &mut self.window, |data, frames| {
            packets.push(Packet { data: data.into(), frames, byte_offset: Some(page.at) });
        })?;
        self.ended |= page.last;
        if std::mem::take(&mut self.landing) {
            self.joiner.forget_gap();
            return Ok(None);
        }
        if packets.is_empty() {
            return Ok(None);
        }
        Ok(Some(Group {
            packets,
            end: (page.granule >= 0).then_some(page.granule),
            last: page.last,
            gap: joined.gap,
            counted: joined.counted,
            ..Group::default()
        }))
    }
}

impl PacketReader for OggReader {
    fn next(&mut self) -> Result<Option<Event>> {
        loop {
            let Some(page) = next_page(&mut self.window, self.at, self.index.verified)? else {
                self.truncated |= !self.ended;
                return Ok(None);
            };
            self.at = page.end();
            if page.first {
                // A link without its last page has lost its end.
                self.truncated |= !self.ended;
                return self.next_link(page.at);
            }
            if page.serial == self.serial
                && !self.ended
                && let Some(group) = self.group(&page)?
            {
                return Ok(Some(Event::Group(group)));
            }
        }
    }

    fn rewind(&mut self) -> Result<()> {
        let first = Arc::clone(&self.first);
        self.begin(&first);
        self.truncated = false;
        Ok(())
    }

    fn seek(&mut self, raw: u64, _cancel: &CancelFlag) -> Result<Option<u64>> {
        let Some(entry) = self.index.find(raw.min(i64::MAX as u64) as i64) else { return Ok(None) };
        self.rewind()?;
        self.at = entry.at;
        self.landing = true;
        Ok(u64::try_from(entry.raw).ok())
    }

    fn can_skip(&self) -> bool {
        false
    }

    fn fork(&self) -> Result<Option<Box<dyn PacketReader>>> {
        if !self.index.complete {
            return Ok(None);
        }
        let (first, index) = (Arc::clone(&self.first), Arc::clone(&self.index));
        Ok(Some(Box::new(Self::new(self.input.clone(), self.track, first, index))))
    }

    fn truncated(&self) -> bool {
        self.truncated
    }
}
