use audiodecode_pipeline::{Input, Result};

/// Bytes fetched at once.
const BLOCK: usize = 128 * 1024;

/// Reads small pieces of a file in order without a system call for each.
#[derive(Clone, Debug)]
pub(crate) struct ReadWindow {
    input: Input,
    block: Vec<u8>,
    start: u64,
}

impl ReadWindow {
    pub(crate) fn new(input: Input) -> Self {
        Self { input, block: Vec::new(), start: 0 }
    }

    pub(crate) fn len(&self) -> u64 {
        self.input.len()
    }

    /// Up to `length` bytes at a position, fewer only at the end of the file. `length` is at most 128 KiB.
    pub(crate) fn bytes(&mut self, at: u64, length: usize) -> Result<&[u8]> {
        let length =
            length.min(BLOCK).min(usize::try_from(self.len().saturating_sub(at)).unwrap_or(usize::MAX));
        if length == 0 {
            return Ok(&[]);
        }
        if at < self.start || at + length as u64 > self.start + self.block.len() as u64 {
            self.block.resize(BLOCK, 0);
            let count = self.input.read_at(at, &mut self.block)?;
            self.block.truncate(count);
            self.start = at;
        }
        let from = (at - self.start) as usize;
        let end = (from + length).min(self.block.len());
        Ok(&self.block[from.min(end)..end])
    }
}
