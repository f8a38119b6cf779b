use audiodecode_pipeline::Result;

use crate::bytes::be_u64;
use crate::read_window::ReadWindow;

/// A list in a box of an MP4 file. Its entries stay in the file: a long one may have millions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// Where the first entry is.
    at: u64,
    /// Entries that are there.
    pub count: u64,
    /// Bytes of an entry.
    size: u64,
}

impl Table {
    /// The entries at `at`, as many as are stated and lie inside the box.
    pub fn new(at: u64, end: u64, stated: u64, size: u64) -> Self {
        Self { at, count: stated.min(end.saturating_sub(at) / size), size }
    }

    /// An entry's bytes as numbers of four bytes; 0 for what is missing.
    pub fn entry<const N: usize>(&self, window: &mut ReadWindow, index: u64) -> Result<[u64; N]> {
        let bytes = if index < self.count {
            window.bytes(self.at + index * self.size, self.size as usize)?
        } else {
            &[]
        };
        Ok(std::array::from_fn(|at| be_u64(bytes.get(4 * at..4 * at + 4).unwrap_or(&[]))))
    }
}

/// Where the samples (packets) of a track lie: ISO/IEC 14496-12, 8.6.1 and 8.7.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mp4Tables {
    /// `stts`: how many samples last how long.
    pub times: Table,
    /// `stsc`: from which chunk on there are how many samples in each.
    pub runs: Table,
    /// `stco` or `co64`: where the chunks begin.
    pub chunks: Table,
    /// `stsz`: bytes of each sample, when they are not all equal.
    pub sizes: Table,
    /// Bytes of every sample, when they are.
    pub equal_size: u64,
    /// Samples whose size is stated.
    pub samples: u64,
}

impl Mp4Tables {
    /// Whether every sample has a place.
    pub fn are_whole(&self) -> bool {
        let sized = self.equal_size > 0 || self.sizes.count == self.samples;
        sized && self.samples > 0 && self.runs.count > 0 && self.chunks.count > 0
    }

    /// Bytes of a sample.
    pub fn size_of(&self, window: &mut ReadWindow, sample: u64) -> Result<u64> {
        if self.equal_size > 0 {
            return Ok(self.equal_size);
        }
        Ok(self.sizes.entry::<1>(window, sample)?[0])
    }

    /// Where a chunk begins.
    pub fn chunk(&self, window: &mut ReadWindow, chunk: u64) -> Result<u64> {
        if self.chunks.size == 8 {
            let [high, low] = self.chunks.entry(window, chunk)?;
            return Ok(high << 32 | low);
        }
        Ok(self.chunks.entry::<1>(window, chunk)?[0])
    }

    /// The first chunk of a run, counted from 0, and the samples in each of its chunks. Behind the last run is none. The first run
    /// begins with the first chunk, whatever a broken file says.
    pub fn run(&self, window: &mut ReadWindow, run: u64) -> Result<(u64, u64)> {
        if run >= self.runs.count {
            return Ok((u64::MAX, 0));
        }
        let [first, samples] = self.runs.entry(window, run)?;
        Ok((if run == 0 { 0 } else { first.saturating_sub(1) }, samples))
    }
}
