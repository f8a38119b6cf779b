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
    /// Number and last position of the pages before.
    number: Option<u32>,
    granule: i64,
    /// Positions go back, pages come twice, or something lies between two that belong together: no position can be relied on.
    broken: bool,
}

impl OggIndex {
    /// An index of what begins at this byte.
    pub(crate) fn from(audio_start: u64) -> Self {
        Self { verified: audio_start, ..Self::default() }
    }

    /// Takes note of the next page of the stream, and whether bytes that are no page lie before it.
    pub(crate) fn push(&mut self, page: &PageHead, after_garbage: bool) {
        let before = self.number.replace(page.sequence);
        // A page that is missing is no reason: the position of the next one says how much that was.
        let odd = before.is_some_and(|number| match page.sequence.wrapping_sub(number) {
            1 => after_garbage,
            ahead => ahead == 0 || ahead > u32::MAX / 2,
        });
        if self.broken || odd || (0..self.granule).contains(&page.granule) {
            (self.broken, self.entries) = (true, Vec::new());
            return;
        }
        if page.granule < 0 {
            return;
        }
        self.granule = page.granule;
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

    /// Whether positions can be relied on.
    pub(crate) fn is_sound(&self) -> bool {
        !self.broken
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
            index.push(
                &PageHead { end: at as u64, granule, sequence: at as u32, ..PageHead::default() },
                false,
            );
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
        let index = index([100, 200, 150, 300, 400, 500].into_iter());
        assert_eq!((index.before(450), index.is_sound()), (None, false));
    }

    #[test]
    fn no_position_is_relied_on_where_pages_come_twice_or_are_torn_apart() {
        let index = |numbers: [u32; 5], garbage_before: Option<usize>| {
            let mut index = OggIndex::default();
            for (at, sequence) in numbers.into_iter().enumerate() {
                let page = PageHead { granule: 100 * at as i64, sequence, ..PageHead::default() };
                index.push(&page, garbage_before == Some(at));
            }
            (index.before(450).is_some(), index.is_sound())
        };
        assert_eq!(index([7, 8, 9, 10, 11], None), (true, true));
        assert_eq!(index([7, 8, 8, 9, 10], None), (false, false));
        assert_eq!(index([7, 8, 9, 10, 11], Some(2)), (false, false));
        // A page of a broken checksum is garbage, and its number is missing.
        assert_eq!(index([7, 8, 10, 11, 12], Some(2)), (true, true));
    }
}
