/// Bits of a packet, the lowest one of each byte first (2.1.4).
///
/// Bits beyond the end read as zeros; [`BitReader::ended`] tells that some were used. Small enough to be copied into registers for
/// the length of an inner loop.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BitReader<'a> {
    data: &'a [u8],
    at: usize,
    /// The next bits, the first one lowest. Above `count` there may be bits already that will be filled in again.
    bits: u64,
    count: u32,
    /// Zeros put behind the end so far. Once fewer bits are left than that, bits were used that do not exist.
    padding: u32,
}

/// Bits that are not there were asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct EndOfPacket;

impl<'a> BitReader<'a> {
    pub(crate) fn new(data: &'a [u8]) -> Self {
        Self { data, at: 0, bits: 0, count: 0, padding: 0 }
    }

    /// Makes at least 32 bits ready.
    #[inline(always)]
    pub(crate) fn fill(&mut self) {
        if self.count < 32 {
            self.fill_up();
        }
    }

    /// Makes at least 56 bits ready.
    #[inline(always)]
    pub(crate) fn fill_up(&mut self) {
        if let Some(bytes) = self.data.get(self.at..).and_then(|rest| rest.first_chunk::<8>()) {
            self.bits |= u64::from_le_bytes(*bytes) << self.count;
            self.at += ((63 - self.count) >> 3) as usize;
            self.count |= 56;
        } else {
            // By value: a reference would keep the reader out of registers.
            *self = Self::filled_at_the_end(*self);
        }
    }

    #[cold]
    #[inline(never)]
    fn filled_at_the_end(mut bits: Self) -> Self {
        while bits.count < 56 {
            let byte = bits.data.get(bits.at).copied();
            if byte.is_some() {
                bits.at += 1;
            } else {
                bits.padding = bits.padding.saturating_add(8);
            }
            bits.bits |= u64::from(byte.unwrap_or(0)) << bits.count;
            bits.count += 8;
        }
        bits
    }

    /// The next bits, of which 32 count after [`BitReader::fill`].
    #[inline(always)]
    pub(crate) fn peek(&self) -> u64 {
        self.bits
    }

    /// Passes over up to 32 bits, which are ready.
    #[inline(always)]
    pub(crate) fn consume(&mut self, count: u32) {
        self.bits >>= count;
        self.count -= count;
    }

    /// Whether more bits were used than there are. Once true it stays so.
    #[inline(always)]
    pub(crate) fn ended(&self) -> bool {
        self.count < self.padding
    }

    /// A number of up to 32 bits.
    #[inline]
    pub(crate) fn read(&mut self, count: u32) -> Result<u32, EndOfPacket> {
        self.fill();
        let value = self.bits & ((1u64 << count) - 1);
        self.consume(count);
        if self.ended() { Err(EndOfPacket) } else { Ok(value as u32) }
    }

    /// A single bit.
    #[inline]
    pub(crate) fn flag(&mut self) -> Result<bool, EndOfPacket> {
        Ok(self.read(1)? != 0)
    }

    /// A number of up to 32 bits that indexes something.
    pub(crate) fn index(&mut self, count: u32) -> Result<usize, EndOfPacket> {
        Ok(self.read(count)? as usize)
    }

    /// Bits that are left.
    pub(crate) fn left(&self) -> u64 {
        let bytes = self.data.len().saturating_sub(self.at) as u64;
        (bytes * 8 + u64::from(self.count)).saturating_sub(u64::from(self.padding))
    }
}

/// Position of the highest bit set, counted from 1 (9.2.1).
pub(crate) fn ilog(value: u32) -> u32 {
    u32::BITS - value.leading_zeros()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_begin_with_their_lowest_bit() {
        // The specification's example (2.1.6): 12 in 4 bits, -1 in 3, 17 in 7, 6969 in 13.
        let mut bits = BitReader::new(&[0b1111_1100, 0b0100_1000, 0b1100_1110, 0b0000_0110]);
        let read = [4, 3, 7, 13].map(|count| bits.read(count));
        assert_eq!(read, [Ok(12), Ok(7), Ok(17), Ok(6969)]);
        assert_eq!(bits.left(), 5);
    }

    #[test]
    fn whatever_the_steps_the_bits_are_those_of_the_bytes_and_then_it_has_ended() {
        let data: Vec<u8> = (0..61u32).map(|index| (index * 151 + 13) as u8).collect();
        let expected = |at: usize, count: u32| {
            (0..count as usize).fold(0u32, |value, bit| {
                let at = at + bit;
                value | u32::from(data[at / 8] >> (at % 8) & 1) << bit
            })
        };
        for step in 1..=32 {
            let (mut bits, mut at) = (BitReader::new(&data), 0);
            while at + step as usize <= data.len() * 8 {
                assert_eq!(bits.left(), (data.len() * 8 - at) as u64);
                assert_eq!(bits.read(step), Ok(expected(at, step)), "{step} bits at {at}");
                at += step as usize;
            }
            let left = (data.len() * 8 - at) as u32;
            assert_eq!(bits.read(left + 1), Err(EndOfPacket));
            assert!(bits.ended());
            assert_eq!((bits.read(1), bits.read(32), bits.left()), (Err(EndOfPacket), Err(EndOfPacket), 0));
        }
    }

    #[test]
    fn ilog_counts_bits() {
        assert_eq!([0, 1, 2, 3, 4, 7].map(ilog), [0, 1, 2, 2, 3, 3]);
    }
}
