/// Entries kept, a quarter of a MiB; when there are more, every other one goes, so that hours take no more memory than minutes.
const MAX_ENTRIES: usize = 1 << 14;

/// A page from which reading can go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct IndexEntry {
    /// First byte of the page; what ends in it belongs to those before.
    pub(crate) at: u64,
    /// Raw position behind its last whole packet, as decoding from the beginning counts.
    pub(crate) raw: i64,
}

/// Pages of one stream from which reading can go on.
#[derive(Clone, Debug)]
pub(crate) struct OggIndex {
    /// All bytes from the first page of audio up to here are pages whose checksums agree.
    pub(crate) verified: u64,
    entries: Vec<IndexEntry>,
    /// Every how manieth page is kept.
    stride: u64,
    seen: u64,
    /// It reaches to the end of the file.
    pub(crate) complete: bool,
}

impl OggIndex {
    /// An index of what begins at this byte.
    pub(crate) fn new(audio_start: u64) -> Self {
        Self { verified: audio_start, entries: Vec::new(), stride: 1, seen: 0, complete: false }
    }

    /// Takes note of a page behind all others.
    pub(crate) fn push(&mut self, entry: IndexEntry) {
        if self.seen.is_multiple_of(self.stride) {
            self.entries.push(entry);
        }
        self.seen += 1;
        if self.entries.len() == MAX_ENTRIES {
            let mut keep = false;
            self.entries.retain(|_| {
                keep = !keep;
                keep
            });
            self.stride *= 2;
        }
    }

    /// The last page that ends at or before a raw position.
    pub(crate) fn find(&self, raw: i64) -> Option<IndexEntry> {
        let count = self.entries.partition_point(|entry| entry.raw <= raw);
        self.entries.get(count.checked_sub(1)?).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(ends: impl Iterator<Item = i64>) -> OggIndex {
        let mut index = OggIndex::new(0);
        ends.enumerate().for_each(|(at, raw)| index.push(IndexEntry { at: at as u64, raw }));
        index
    }

    #[test]
    fn a_position_belongs_behind_the_page_that_ends_there() {
        let index = index([0, 100, 100, 200].into_iter());
        let found = |raw| index.find(raw).map(|entry| entry.at);
        assert_eq!(
            [-1, 0, 99, 100, 199, 200].map(found),
            [None, Some(0), Some(0), Some(2), Some(2), Some(3)]
        );
    }

    #[test]
    fn hours_of_pages_take_bounded_memory_and_are_found() {
        let index = index((0..1_000_000).map(|page| page * 960));
        assert!(index.entries.len() < MAX_ENTRIES && index.entries.len() > MAX_ENTRIES / 3);
        for page in [0, 31, 32, 33, 777_777, 999_999] {
            let found = index.find(page * 960).expect("an entry");
            assert!(found.raw <= page * 960 && found.raw > (page - 64) * 960, "{found:?}");
            assert_eq!(found.raw, found.at as i64 * 960);
        }
    }
}
