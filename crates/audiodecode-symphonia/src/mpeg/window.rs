use audiodecode_pipeline::{Input, Result};

/// Bytes read at once. Larger wins nothing; much smaller costs system calls.
const WINDOW_BYTES: usize = 128 * 1024;

/// A moving window over a stretch of an [`Input`]: slices of it without reading the whole file.
pub(super) struct Window {
    input: Input,
    end: u64,
    start: u64,
    buffer: Vec<u8>,
}

impl Window {
    /// A window over the bytes before `end`.
    pub(super) fn new(input: &Input, end: u64) -> Self {
        Self { input: input.clone(), end: end.min(input.len()), start: 0, buffer: Vec::new() }
    }

    /// Another window over the same bytes.
    pub(super) fn fork(&self) -> Self {
        Self::new(&self.input, self.end)
    }

    /// One past the last byte.
    pub(super) fn end(&self) -> u64 {
        self.end
    }

    /// Up to `length` (at most the window's size) bytes from `position`; fewer at the end.
    #[inline]
    pub(super) fn slice(&mut self, position: u64, length: usize) -> Result<&[u8]> {
        let available = usize::try_from(self.end.saturating_sub(position)).unwrap_or(usize::MAX);
        let length = length.min(available).min(WINDOW_BYTES);
        let inside = position >= self.start
            && (position - self.start).saturating_add(length as u64) <= self.buffer.len() as u64;
        if !inside {
            self.fill(position)?;
        }
        let from = usize::try_from(position - self.start).unwrap_or(usize::MAX).min(self.buffer.len());
        let to = from.saturating_add(length).min(self.buffer.len());
        Ok(&self.buffer[from..to])
    }

    /// Four bytes from `position`, `None` when the end is nearer.
    #[inline]
    pub(super) fn four(&mut self, position: u64) -> Result<Option<[u8; 4]>> {
        Ok(self.slice(position, 4)?.first_chunk::<4>().copied())
    }

    fn fill(&mut self, position: u64) -> Result<()> {
        let length =
            usize::try_from(self.end.saturating_sub(position)).unwrap_or(usize::MAX).min(WINDOW_BYTES);
        self.buffer.resize(length, 0);
        self.start = position;
        let count = self.input.read_at(position, &mut self.buffer)?;
        // Shorter only when another process cut the file.
        self.buffer.truncate(count);
        Ok(())
    }
}
