use crate::bits::BitReader;
use crate::codebook::Codebook;
use crate::error::HeaderError;
use crate::floor::book_number;
use crate::limits::Limits;

/// How the fine structure of spectra is packed (8.6.1).
#[derive(Debug)]
pub(crate) struct Residue {
    pub(crate) kind: Kind,
    pub(crate) begin: usize,
    pub(crate) end: usize,
    pub(crate) partition_size: usize,
    pub(crate) class_book: usize,
    /// Classes of the partitions that a word of the class book stands for, word by word.
    pub(crate) classes: Vec<u8>,
    /// Partitions that a word classifies.
    pub(crate) word_partitions: usize,
    /// For each class, the book of each pass.
    pub(crate) books: Vec<[Option<u8>; PASSES]>,
    /// Passes that any class has a book for.
    pub(crate) passes: usize,
}

/// Passes at most.
pub(crate) const PASSES: usize = 8;

/// The three ways to put vectors into spectra (8.3, 8.4, 8.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A vector is spread over its partition.
    Spread,
    /// Vectors lie one behind the other.
    InOrder,
    /// The same, of all channels interleaved.
    Interleaved,
}

impl Residue {
    pub(crate) fn read(
        bits: &mut BitReader<'_>,
        books: &[Codebook],
        limits: &mut Limits,
    ) -> Result<Self, HeaderError> {
        let kind = match bits.read(16)? {
            0 => Kind::Spread,
            1 => Kind::InOrder,
            2 => Kind::Interleaved,
            _ => return Err(HeaderError::Invalid("a Vorbis residue is of an unknown type")),
        };
        let (begin, end, partition_size) = (bits.index(24)?, bits.index(24)?, bits.index(24)? + 1);
        let (count, class_book) = (bits.index(6)? + 1, book_number(bits, books)??);
        if begin > end {
            return Err(HeaderError::Invalid("a Vorbis residue ends before it begins"));
        }
        let mut cascades = Vec::new();
        for _ in 0..count {
            let low = bits.read(3)?;
            cascades.push(low | if bits.flag()? { bits.read(5)? << 3 } else { 0 });
        }
        let mut class_books = Vec::new();
        for cascade in &cascades {
            let mut of_class = [None; PASSES];
            for (pass, book) in of_class.iter_mut().enumerate() {
                if cascade >> pass & 1 == 0 {
                    continue;
                }
                let number = book_number(bits, books)??;
                if !books.get(number).is_some_and(Codebook::has_vectors) {
                    return Err(HeaderError::Invalid("a Vorbis residue names a codebook without vectors"));
                }
                *book = u8::try_from(number).ok();
            }
            class_books.push(of_class);
        }
        let passes = cascades.iter().map(|cascade| 8 - (cascade & 255).leading_zeros().saturating_sub(24));
        // The first one classifies the partitions, even if they all are empty.
        let passes = passes.max().unwrap_or(0).max(1) as usize;
        let (words, word_partitions) =
            books.get(class_book).map_or((0, 1), |book| (book.entries, book.dimensions));
        limits.take_classes(words as u64 * word_partitions as u64)?;
        let classes = class_table(words, word_partitions, count);
        Ok(Self {
            kind,
            begin,
            end,
            partition_size,
            class_book,
            classes,
            word_partitions,
            books: class_books,
            passes,
        })
    }
}

/// A word's digits in base of the number of classes, the highest first (8.6.2).
fn class_table(words: usize, digits: usize, base: usize) -> Vec<u8> {
    let mut table = vec![0; words * digits];
    for (word, row) in table.chunks_exact_mut(digits.max(1)).enumerate() {
        let mut rest = word;
        for digit in row.iter_mut().rev() {
            *digit = (rest % base) as u8;
            rest /= base;
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_s_highest_digit_is_the_first_class() {
        assert_eq!(class_table(11, 2, 3)[14..], [2, 1, 2, 2, 0, 0, 0, 1]);
    }
}
