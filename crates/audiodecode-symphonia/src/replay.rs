use std::collections::VecDeque;

use audiodecode_pipeline::{CancelFlag, Result};

use crate::packet::{Event, PacketReader};

/// A reader whose first packets were looked at and are given again.
pub(crate) struct Replay {
    seen: VecDeque<Event>,
    reader: Box<dyn PacketReader>,
    /// Whether reading ahead met the end of a file that ends too early: that stays true, wherever the reader goes.
    truncated: bool,
}

impl Replay {
    /// Reads up to `count` events ahead.
    pub(crate) fn ahead(mut reader: Box<dyn PacketReader>, count: usize) -> Result<Self> {
        let mut seen = VecDeque::new();
        while seen.len() < count {
            let Some(event) = reader.next()? else { break };
            seen.push_back(event);
        }
        let truncated = reader.truncated();
        Ok(Self { seen, reader, truncated })
    }

    /// The packets read ahead.
    pub(crate) fn packets(&self) -> impl Iterator<Item = &[u8]> {
        let groups = self.seen.iter().filter_map(|event| match event {
            Event::Group(group) => Some(group),
            Event::Restart(_) => None,
        });
        groups.flat_map(|group| group.packets.iter().map(|packet| &*packet.data))
    }
}

impl PacketReader for Replay {
    fn next(&mut self) -> Result<Option<Event>> {
        match self.seen.pop_front() {
            Some(event) => Ok(Some(event)),
            None => self.reader.next(),
        }
    }

    fn rewind(&mut self) -> Result<()> {
        self.seen.clear();
        self.reader.rewind()
    }

    fn seek(&mut self, raw: u64, cancel: &CancelFlag) -> Result<Option<u64>> {
        let found = self.reader.seek(raw, cancel)?;
        if found.is_some() {
            self.seen.clear();
        }
        Ok(found)
    }

    fn can_skip(&self) -> bool {
        self.reader.can_skip()
    }

    fn fork(&self) -> Result<Option<Box<dyn PacketReader>>> {
        let Some(reader) = self.reader.fork()? else { return Ok(None) };
        Ok(Some(Box::new(Self { seen: VecDeque::new(), reader, truncated: self.truncated })))
    }

    fn truncated(&self) -> bool {
        self.truncated || self.reader.truncated()
    }
}
