/// Reads bits, most significant first, by a window of 64 that is filled from the bytes as needed.
///
/// Behind the end there are zeros: whoever reads asks [`BitReader::check`] afterwards, so that no read has to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BitReader<'a> {
    bytes: &'a [u8],
    /// Byte that the window is filled from next.
    next: usize,
    /// Bits not yet read, the first one on top. Below the valid ones there may be some of those that follow.
    window: u64,
    /// Bits of the window that are valid, less than 64.
    valid: u32,
}

/// Bits that are there after [`BitReader::refill`], at least.
pub(crate) const REFILLED: u32 = 56;

impl<'a> BitReader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, next: 0, window: 0, valid: 0 }
    }

    /// Fills the window to [`REFILLED`] bits or more, without a branch but for the last bytes.
    #[inline(always)]
    pub(crate) fn refill(&mut self) {
        let word = match self.bytes.get(self.next..).and_then(<[u8]>::first_chunk) {
            Some(eight) => u64::from_be_bytes(*eight),
            None => self.last_bytes(),
        };
        // Bits of whole bytes only count as valid; what is more will be there again.
        self.window |= word >> self.valid;
        self.next += ((63 - self.valid) / 8) as usize;
        self.valid |= REFILLED;
    }

    #[cold]
    fn last_bytes(&self) -> u64 {
        let mut word = [0; 8];
        word.iter_mut().zip(self.bytes.iter().skip(self.next)).for_each(|(to, byte)| *to = *byte);
        u64::from_be_bytes(word)
    }

    /// The bits to come, the first one on top; as many are valid as [`BitReader::refill`] left and nobody skipped.
    #[inline(always)]
    pub(crate) fn window(&self) -> u64 {
        self.window
    }

    /// Goes past bits that are in the window.
    #[inline(always)]
    pub(crate) fn skip(&mut self, count: u32) {
        self.window <<= count;
        self.valid -= count;
    }

    /// The next `count` bits, at most 32.
    #[inline]
    pub(crate) fn read(&mut self, count: u32) -> u32 {
        if self.valid < count {
            self.refill();
        }
        let value = (self.window >> 1 >> (63 - count)) as u32;
        self.skip(count);
        value
    }

    #[inline]
    pub(crate) fn flag(&mut self) -> bool {
        self.read(1) == 1
    }

    /// Goes to the next whole byte.
    pub(crate) fn align(&mut self) {
        self.skip(self.valid % 8);
    }

    /// Goes past whole bytes.
    pub(crate) fn skip_bytes(&mut self, count: u32) {
        for _ in 0..count {
            self.read(8);
        }
    }

    /// Bits behind the current place, less than nothing if that lies behind the end.
    pub(crate) fn left(&self) -> i64 {
        (self.bytes.len() as i64 - self.next as i64) * 8 + i64::from(self.valid)
    }

    /// Fails if more was read than there was.
    #[inline]
    pub(crate) fn check(&self) -> Result<(), &'static str> {
        if self.left() < 0 { Err("the packet ends too early") } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_the_same_near_the_end_and_zeros_behind_it() {
        let bytes: Vec<u8> = (0..23u32).map(|n| (n * 73 + 11) as u8).collect();
        let text: String = bytes.iter().map(|byte| format!("{byte:08b}")).collect();
        for width in [1, 3, 7, 13, 25, 32] {
            let mut reader = BitReader::new(&bytes);
            let mut at = 0;
            while at + width <= text.len() {
                let expected = u32::from_str_radix(&text[at..at + width], 2).expect("bits");
                assert_eq!(reader.read(width as u32), expected);
                at += width;
                assert_eq!(reader.left(), (text.len() - at) as i64);
            }
            let rest = (text.len() - at) as u32;
            reader.read(rest);
            assert_eq!((reader.read(0), reader.check()), (0, Ok(())));
            assert_eq!(reader.read(9), 0);
            assert!(reader.check().is_err());
        }
    }

    #[test]
    fn the_next_byte_begins_where_the_last_one_ended() {
        for bits in 0..=16 {
            let mut reader = BitReader::new(&[1, 2, 3, 4]);
            reader.read(bits);
            reader.align();
            assert_eq!(reader.left(), 32 - i64::from(bits.next_multiple_of(8)));
        }
    }
}
