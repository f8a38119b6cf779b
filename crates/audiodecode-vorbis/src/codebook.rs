use crate::bits::{BitReader, ilog};
use crate::codewords::assign_codewords;
use crate::error::HeaderError;
use crate::huffman::Huffman;
use crate::limits::Limits;
use crate::vectors::Vectors;

/// A codebook (3): codewords that stand for numbers, or for vectors.
///
/// Inside, entries are numbered by the length of their codewords, so that what is read often lies together.
#[derive(Debug)]
pub(crate) struct Codebook {
    pub(crate) dimensions: usize,
    pub(crate) entries: usize,
    pub(crate) huffman: Huffman,
    /// Which entry each number stands for.
    numbers: Vec<u32>,
    /// The vectors by number; empty for a book of numbers only.
    pub(crate) vectors: Vec<f32>,
}

impl Codebook {
    /// Reads one from the setup header (3.2.1).
    pub(crate) fn read(bits: &mut BitReader<'_>, limits: &mut Limits) -> Result<Self, HeaderError> {
        if bits.read(24)? != 0x56_4342 {
            return Err(HeaderError::Invalid("a Vorbis codebook does not begin as one"));
        }
        let (dimensions, entries) = (bits.index(16)?, bits.index(24)?);
        if dimensions == 0 {
            return Err(HeaderError::Invalid("a Vorbis codebook has no dimensions"));
        }
        limits.take_entries(entries as u64)?;
        // Entries in use and the lengths of their codewords.
        let mut used = if bits.flag()? { ordered_lengths(bits, entries)? } else { lengths(bits, entries)? };
        let found = Vectors::read(bits, entries, dimensions, limits)?;
        let codes = assign_codewords(&used.iter().map(|&(_, length)| length).collect::<Vec<_>>())?;
        let mut coded: Vec<(u8, u32, u32)> =
            used.drain(..).zip(codes).map(|((entry, length), code)| (length, code, entry)).collect();
        coded.sort_unstable();
        let codewords: Vec<(u32, u8, u32)> =
            coded.iter().zip(0..).map(|(&(length, code, _), number)| (code, length, number)).collect();
        let huffman = Huffman::new(&codewords, limits)?;
        let mut vectors = Vec::new();
        if let Some(found) = found {
            vectors.reserve_exact(coded.len() * dimensions);
            coded.iter().for_each(|&(_, _, entry)| found.append(entry as usize, &mut vectors));
        }
        let numbers = coded.iter().map(|&(_, _, entry)| entry).collect();
        Ok(Self { dimensions, entries, huffman, numbers, vectors })
    }

    /// The next entry; `None` at the end of the packet.
    #[inline]
    pub(crate) fn read_entry(&self, bits: &mut BitReader<'_>) -> Option<u32> {
        self.numbers.get(self.huffman.read(bits)? as usize).copied()
    }

    /// The next vector; `None` at the end of the packet.
    #[inline]
    pub(crate) fn read_vector(&self, bits: &mut BitReader<'_>) -> Option<&[f32]> {
        let start = self.huffman.read(bits)? as usize * self.dimensions;
        self.vectors.get(start..start + self.dimensions)
    }

    /// Whether it can be read by vectors. A book whose entries are all unused can: the packet ends there.
    pub(crate) fn has_vectors(&self) -> bool {
        !self.vectors.is_empty() || self.numbers.is_empty()
    }
}

/// Lengths entry by entry, maybe with a bit for each that says whether it is used.
fn lengths(bits: &mut BitReader<'_>, entries: usize) -> Result<Vec<(u32, u8)>, HeaderError> {
    let sparse = bits.flag()?;
    if bits.left() < entries as u64 * if sparse { 1 } else { 5 } {
        return Err(HeaderError::Truncated);
    }
    let mut used = Vec::new();
    for entry in 0..entries as u32 {
        if !sparse || bits.flag()? {
            used.push((entry, bits.read(5)? as u8 + 1));
        }
    }
    Ok(used)
}

/// How many entries there are of each length, the shortest first.
fn ordered_lengths(bits: &mut BitReader<'_>, entries: usize) -> Result<Vec<(u32, u8)>, HeaderError> {
    let mut used = Vec::new();
    let mut length = bits.read(5)? as u8 + 1;
    while used.len() < entries {
        let left = entries - used.len();
        let count = bits.index(ilog(left as u32))?;
        if count > left || length > 32 {
            return Err(HeaderError::Invalid("a Vorbis codebook counts more codewords than it has"));
        }
        let from = used.len() as u32;
        used.extend((from..from + count as u32).map(|entry| (entry, length)));
        length += 1;
    }
    Ok(used)
}
