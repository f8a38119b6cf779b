use crate::ogg_page::PageHead;

/// Entries kept; when there are more, every other one goes, so that hours take no more memory than minutes.
const MAX_ENTRIES: usize = 1 << 15;

/// A place in a stream: a page at whose end the position is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct IndexEntry {
    /// First byte behind the page.
    pub(crate) end: u64,
    /// Raw position behind its last whole packet.
    pub(crate) granule: i64,
    pub(crate) sequence: u32,
}

/// Pages of one stream from which reading can go on.
#[derive(Clone, Debug, Default)]
pub(crate) struct OggIndex {
    /// All bytes from the first page of audio up to here are pages whose checksums agree.
    pub(crate) verified: u64,
    entries: Vec<IndexEntry>,
    /// Every how manieth page is kept, less one.
    skip: u32,
    skipped: u32,
    /// Positions go back somewhere, so that none can be relied on.
    broken: bool,
}

impl OggIndex {
    /// An index of what begins at this byte.
    pub(crate) fn from(audio_start: u64) -> Self {
        Self { verified: audio_start, ..Self::default() }
    }

    /// Takes note of the next page of the stream.
    pub(crate) fn push(&mut self, page: &PageHead) {
        if page.granule < 0 || self.broken {
            return;
        }
        if self.entries.last().is_some_and(|last| page.granule < last.granule) {
            (self.broken, self.entries) = (true, Vec::new());
            return;
        }
        if self.skipped < self.skip {
            self.skipped += 1;
            return;
        }
        self.skipped = 0;
        self.entries.push(IndexEntry { end: page.end, granule: page.granule, sequence: page.sequence });
        if self.entries.len() == MAX_ENTRIES {
            let mut odd = true;
            self.entries.retain(|_| {
                odd = !odd;
                !odd
            });
            self.skip = self.skip * 2 + 1;
        }
    }

    /// The last but one of the places at or before a raw position: behind it lies at least one whole group before that position.
    pub(crate) fn before(&self, raw: i64) -> Option<IndexEntry> {
        let count = self.entries.partition_point(|entry| entry.granule <= raw);
        self.entries.get(count.checked_sub(3)?).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(granules: impl Iterator<Item = i64>) -> OggIndex {
        let mut index = OggIndex::default();
        for (at, granule) in granules.enumerate() {
            index.push(&PageHead { end: at as u64, granule, sequence: at as u32, ..PageHead::default() });
        }
        index
    }

    #[test]
    fn leaves_two_pages_before_the_place_wanted() {
        let index = index([0, 100, -1, 200, 300, 400].into_iter());
        assert_eq!(index.before(350).map(|entry| entry.granule), Some(100));
        assert_eq!(index.before(300).map(|entry| entry.granule), Some(100));
        assert_eq!(index.before(199), None);
    }

    #[test]
    fn hours_of_pages_take_bounded_memory_and_are_found() {
        let index = index((0..1_000_000).map(|page| page * 960));
        assert!(index.entries.len() < MAX_ENTRIES);
        let found = index.before(960 * 777_777).unwrap();
        assert!(found.granule <= 960 * 777_777 && found.granule > 960 * (777_777 - 300));
    }

    #[test]
    fn positions_that_go_back_are_not_relied_on() {
        assert_eq!(index([100, 200, 150, 300, 400, 500].into_iter()).before(450), None);
    }
}
