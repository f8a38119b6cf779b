use crate::bits::BitReader;
use crate::codebook::Codebook;
use crate::residue_setup::{Kind, Residue};

impl Residue {
    /// Adds what a packet says to several vectors of one length, which are those of `spectra` at these places (8.6.2). The end
    /// of the packet is no error: what was not read stays zero.
    pub(crate) fn decode(
        &self,
        bits: &mut BitReader<'_>,
        books: &[Codebook],
        spectra: &mut [f32],
        length: usize,
        places: &[usize],
        classes: &mut Vec<u8>,
    ) {
        let begin = self.begin.min(length);
        let partitions = (self.end.min(length) - begin) / self.partition_size;
        let Some(class_book) = books.get(self.class_book) else { return };
        // A word may classify more partitions than there are.
        let row = partitions.next_multiple_of(self.word_partitions);
        if classes.len() < row * places.len() {
            classes.resize(row * places.len(), 0);
        }
        for pass in 0..self.passes {
            let mut first = 0;
            while first < partitions {
                let behind = first + self.word_partitions;
                if pass == 0 {
                    for index in 0..places.len() {
                        let Some(word) = class_book.read_entry(bits) else { return };
                        let from = word as usize * self.word_partitions;
                        let named = self.classes.get(from..from + self.word_partitions);
                        let room = classes.get_mut(index * row + first..index * row + behind);
                        if let (Some(named), Some(room)) = (named, room) {
                            room.copy_from_slice(named);
                        }
                    }
                }
                for partition in first..behind.min(partitions) {
                    let at = begin + partition * self.partition_size;
                    for (index, place) in places.iter().enumerate() {
                        let class = classes.get(index * row + partition).copied().unwrap_or(0);
                        let book = self.books.get(usize::from(class)).and_then(|books| books[pass]);
                        let Some(book) = book.and_then(|book| books.get(usize::from(book))) else { continue };
                        let Some(out) = spectra.get_mut(place + at..place + at + self.partition_size) else {
                            continue;
                        };
                        if !self.add_partition(bits, book, out) {
                            return;
                        }
                    }
                }
                first = behind;
            }
        }
    }

    /// Adds the vectors of a partition. False at the end of the packet.
    #[inline]
    fn add_partition(&self, bits: &mut BitReader<'_>, book: &Codebook, out: &mut [f32]) -> bool {
        if self.kind == Kind::Spread {
            return add_spread(bits, book, out);
        }
        match book.dimensions {
            1 => add_in_order::<1>(bits, book, out),
            2 => add_in_order::<2>(bits, book, out),
            4 => add_in_order::<4>(bits, book, out),
            8 => add_in_order::<8>(bits, book, out),
            _ => add_in_order_of(bits, book, out),
        }
    }
}

/// Vectors of `SIZE` dimensions, one behind the other. What does not fit any more is dropped (8.6.4).
fn add_in_order<const SIZE: usize>(bits: &mut BitReader<'_>, book: &Codebook, out: &mut [f32]) -> bool {
    let vectors = book.vectors.as_chunks::<SIZE>().0;
    let (whole, rest) = out.as_chunks_mut::<SIZE>();
    // Its own copy stays in registers.
    let mut reader = *bits;
    let (fours, single) =
        if book.huffman.four_fit() { whole.as_chunks_mut::<4>() } else { (&mut [][..], whole) };
    for four in fours {
        reader.fill_up();
        for out in four {
            let number = book.huffman.read_ready(&mut reader);
            let Some(vector) = number.and_then(|number| vectors.get(number as usize)) else {
                *bits = reader;
                return false;
            };
            out.iter_mut().zip(vector).for_each(|(out, value)| *out += value);
        }
    }
    for out in single {
        let number = book.huffman.read(&mut reader);
        let Some(vector) = number.and_then(|number| vectors.get(number as usize)) else {
            *bits = reader;
            return false;
        };
        out.iter_mut().zip(vector).for_each(|(out, value)| *out += value);
    }
    *bits = reader;
    rest.is_empty() || add_in_order_of(bits, book, rest)
}

/// The same for any number of dimensions.
fn add_in_order_of(bits: &mut BitReader<'_>, book: &Codebook, out: &mut [f32]) -> bool {
    for out in out.chunks_mut(book.dimensions) {
        let Some(vector) = book.read_vector(bits) else { return false };
        out.iter_mut().zip(vector).for_each(|(out, value)| *out += value);
    }
    true
}

/// Each vector spread over the partition (8.6.3).
fn add_spread(bits: &mut BitReader<'_>, book: &Codebook, out: &mut [f32]) -> bool {
    let step = out.len() / book.dimensions;
    for first in 0..step {
        let Some(vector) = book.read_vector(bits) else { return false };
        out.iter_mut().skip(first).step_by(step).zip(vector).for_each(|(out, value)| *out += value);
    }
    true
}
