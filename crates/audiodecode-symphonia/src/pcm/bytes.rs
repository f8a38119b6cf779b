use audiodecode_pipeline::{Input, Result};

/// Integers of a header in the file's byte order. Beyond the end they are `None`.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a> {
    bytes: &'a [u8],
    big_endian: bool,
}

impl<'a> Fields<'a> {
    pub(super) fn new(bytes: &'a [u8], big_endian: bool) -> Self {
        Self { bytes, big_endian }
    }

    pub(super) fn array<const N: usize>(&self, at: usize) -> Option<[u8; N]> {
        self.bytes.get(at..)?.first_chunk::<N>().copied()
    }

    pub(super) fn u16(&self, at: usize) -> Option<u16> {
        self.array(at).map(if self.big_endian { u16::from_be_bytes } else { u16::from_le_bytes })
    }

    pub(super) fn u32(&self, at: usize) -> Option<u32> {
        self.array(at).map(if self.big_endian { u32::from_be_bytes } else { u32::from_le_bytes })
    }

    pub(super) fn u64(&self, at: usize) -> Option<u64> {
        self.array(at).map(if self.big_endian { u64::from_be_bytes } else { u64::from_le_bytes })
    }
}

/// Up to `max` bytes of a stretch of the file; fewer where the file ends.
pub(super) fn read_some(input: &Input, start: u64, length: u64, max: usize) -> Result<Vec<u8>> {
    let there = length.min(input.len().saturating_sub(start));
    let mut bytes = vec![0; usize::try_from(there).unwrap_or(usize::MAX).min(max)];
    let count = input.read_at(start, &mut bytes)?;
    bytes.truncate(count);
    Ok(bytes)
}
