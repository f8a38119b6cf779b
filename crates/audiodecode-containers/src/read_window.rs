use audiodecode_pipeline::{Input, Result};

/// Bytes fetched at once by who reads everything.
const BLOCK: usize = 128 * 1024;

/// Reads small pieces of a file in order without a system call for each.
#[derive(Clone, Debug)]
pub struct ReadWindow {
    input: Input,
    block: Vec<u8>,
    start: u64,
    /// Bytes fetched at once.
    size: usize,
}

impl ReadWindow {
    /// A window for who reads everything.
    pub fn new(input: Input) -> Self {
        Self::of(input, BLOCK)
    }

    /// A window of another size, for what lies far apart.
    pub fn of(input: Input, size: usize) -> Self {
        Self { input, block: Vec::new(), start: 0, size }
    }

    /// Bytes of the file.
    pub fn file_len(&self) -> u64 {
        self.input.len()
    }

    /// Up to `length` bytes at a position, fewer only at the end of the file. `length` is at most the window's size.
    pub fn bytes(&mut self, at: u64, length: usize) -> Result<&[u8]> {
        let length = length
            .min(self.size)
            .min(usize::try_from(self.file_len().saturating_sub(at)).unwrap_or(usize::MAX));
        if length == 0 {
            return Ok(&[]);
        }
        if at < self.start || at + length as u64 > self.start + self.block.len() as u64 {
            self.block.resize(self.size, 0);
            let count = self.input.read_at(at, &mut self.block)?;
            self.block.truncate(count);
            self.start = at;
        }
        let from = (at - self.start) as usize;
        let end = (from + length).min(self.block.len());
        Ok(&self.block[from.min(end)..end])
    }
}
