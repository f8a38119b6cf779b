/// Reads bits, most significant first.
#[derive(Clone, Debug)]
pub(crate) struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Bits<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// From a bit position.
    pub(crate) fn at(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at }
    }

    /// The next `count` bits, at most 32, or `None` when fewer are left.
    pub(crate) fn read(&mut self, count: usize) -> Option<u32> {
        let end = self.at + count;
        if end > self.bytes.len() * 8 {
            return None;
        }
        let mut value = 0u64;
        for byte in &self.bytes[self.at / 8..end.div_ceil(8)] {
            value = value << 8 | u64::from(*byte);
        }
        value >>= end.div_ceil(8) * 8 - end;
        self.at = end;
        Some((value & ((1 << count) - 1)) as u32)
    }
}
