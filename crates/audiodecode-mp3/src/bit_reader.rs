/// Bits of main data, most significant first. Zeros behind the end.
///
/// Up to 57 bits lie left-aligned in one register; [`refill`](Self::refill) brings it back to at least 56.
#[derive(Clone, Copy)]
pub(crate) struct BitReader<'a> {
    bytes: &'a [u8],
    /// Next byte that is not in `bits`.
    next: usize,
    bits: u64,
    /// Valid bits in `bits`.
    valid: u32,
}

impl<'a> BitReader<'a> {
    /// A reader at this bit.
    pub(crate) fn new(bytes: &'a [u8], position: usize) -> Self {
        let mut reader = Self { bytes, next: position / 8, bits: 0, valid: 0 };
        reader.refill();
        reader.skip((position % 8) as u32);
        reader
    }

    /// A reader of the same bytes at another bit.
    pub(crate) fn at(&self, position: usize) -> Self {
        Self::new(self.bytes, position)
    }

    /// Bits in front of the next one.
    pub(crate) fn position(&self) -> usize {
        (self.next * 8).saturating_sub(self.valid as usize)
    }

    /// Makes at least 56 bits valid.
    #[inline(always)]
    pub(crate) fn refill(&mut self) {
        let word = match self.bytes.get(self.next..).and_then(|rest| rest.first_chunk::<8>()) {
            Some(&bytes) => u64::from_be_bytes(bytes),
            None => word_at_end(self.bytes, self.next),
        };
        self.bits |= word >> (self.valid & 63);
        self.next += ((63 - self.valid) >> 3) as usize;
        self.valid |= 56;
    }

    /// The valid bits, left-aligned.
    #[inline(always)]
    pub(crate) fn peek(&self) -> u64 {
        self.bits
    }

    /// Drops bits that are valid.
    #[inline(always)]
    pub(crate) fn skip(&mut self, count: u32) {
        self.bits <<= count & 63;
        self.valid = self.valid.wrapping_sub(count);
    }

    /// Reads up to 25 bits.
    #[inline]
    pub(crate) fn take(&mut self, count: u32) -> u32 {
        if count == 0 {
            return 0;
        }
        self.refill();
        let value = self.bits >> (64 - count);
        self.skip(count);
        value as u32
    }

    /// Reads one bit.
    pub(crate) fn flag(&mut self) -> bool {
        self.take(1) == 1
    }
}

/// The last bytes from one on, with zeros behind them.
#[cold]
#[inline(never)]
fn word_at_end(bytes: &[u8], from: usize) -> u64 {
    let mut word = [0; 8];
    for (to, &byte) in word.iter_mut().zip(bytes.get(from..).unwrap_or(&[])) {
        *to = byte;
    }
    u64::from_be_bytes(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_come_out_as_they_lie_and_zeros_follow_them() {
        let bytes: Vec<u8> = (1..=20).collect();
        let mut reader = BitReader::new(&bytes, 4);
        assert_eq!((reader.take(4), reader.take(8), reader.take(12)), (1, 2, 0x030));
        assert_eq!(reader.position(), 28);
        assert_eq!((reader.take(25), reader.take(3)), (0x405_0607 >> 3 & 0x1FF_FFFF, 7));
        let mut reader = BitReader::new(&bytes, 19 * 8);
        assert_eq!((reader.take(8), reader.take(25), reader.take(25)), (20, 0, 0));
        assert_eq!(BitReader::new(&bytes, 1000).take(8), 0);
    }
}
