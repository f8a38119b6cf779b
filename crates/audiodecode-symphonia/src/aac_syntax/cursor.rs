/// Reads bits, most significant first, fast enough for Huffman codes: looking ahead never fails, and whoever skips over what
/// was seen asks afterwards whether it was there.
#[derive(Clone, Debug)]
pub(super) struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// The next 32 bits, zeros behind the end.
    #[inline(always)]
    pub(super) fn peek(&self) -> u32 {
        let from = self.at / 8;
        let word = match self.bytes.get(from..).and_then(<[u8]>::first_chunk) {
            Some(bytes) => u64::from_be_bytes(*bytes),
            None => self.last_bytes(from),
        };
        (word << (self.at % 8) >> 32) as u32
    }

    #[cold]
    fn last_bytes(&self, from: usize) -> u64 {
        let mut word = [0; 8];
        for (to, byte) in word.iter_mut().zip(self.bytes.iter().skip(from)) {
            *to = *byte;
        }
        u64::from_be_bytes(word)
    }

    #[inline(always)]
    pub(super) fn skip(&mut self, count: usize) {
        self.at += count;
    }

    /// The next `count` bits, 1 to 32, or `None` when fewer are left.
    #[inline]
    pub(super) fn read(&mut self, count: usize) -> Option<u32> {
        let value = self.peek() >> (32 - count);
        self.at += count;
        self.within()?;
        Some(value)
    }

    pub(super) fn flag(&mut self) -> Option<bool> {
        Some(self.read(1)? == 1)
    }

    /// Goes to the next whole byte of the block.
    pub(super) fn align(&mut self) {
        self.at = self.at.next_multiple_of(8);
    }

    /// `None` once more was skipped than there was.
    #[inline]
    pub(super) fn within(&self) -> Option<()> {
        (self.at <= self.bytes.len() * 8).then_some(())
    }

    /// Bits behind the current place.
    #[cfg(test)]
    pub(super) fn left(&self) -> usize {
        (self.bytes.len() * 8).saturating_sub(self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_the_same_near_the_end_and_nothing_is_read_behind_it() {
        let bytes: Vec<u8> = (0..23u32).map(|n| (n * 73 + 11) as u8).collect();
        let text: String = bytes.iter().map(|byte| format!("{byte:08b}")).collect();
        for width in [1, 3, 7, 13, 25, 32] {
            let mut cursor = Cursor::new(&bytes);
            let mut at = 0;
            while at + width <= text.len() {
                assert_eq!(cursor.read(width), u32::from_str_radix(&text[at..at + width], 2).ok());
                at += width;
            }
            assert_eq!(cursor.left(), text.len() - at);
            assert_eq!(cursor.read(text.len() - at + 1), None);
        }
    }
}
