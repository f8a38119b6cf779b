use crate::bits::{BitReader, EndOfPacket};
use crate::codebook::Codebook;
use crate::error::{HeaderError, PacketError};
use crate::floor0::Floor0;
use crate::floor1::Floor1;
use crate::floor1_curve::{Point, multiply_by_lines};

/// A floor of either type (4.2.4).
#[derive(Debug)]
pub(crate) enum Floor {
    Zero(Floor0),
    One(Floor1),
}

/// A channel's floor in a packet: the rough shape of its spectrum.
#[derive(Clone, Debug, Default)]
pub(crate) struct FloorCurve {
    kind: Kind,
    /// Of floor 1, in order.
    pub(crate) points: Vec<Point>,
    /// Of floor 0, a number for each coefficient.
    pub(crate) curve: Vec<f32>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Kind {
    #[default]
    Unused,
    Points,
    Curve,
}

impl Floor {
    pub(crate) fn read(
        bits: &mut BitReader<'_>,
        books: &[Codebook],
        block_sizes: [usize; 2],
    ) -> Result<Self, HeaderError> {
        match bits.read(16)? {
            0 => Floor0::read(bits, books, block_sizes).map(Self::Zero),
            1 => Floor1::read(bits, books).map(Self::One),
            _ => Err(HeaderError::Invalid("a Vorbis floor is of an unknown type")),
        }
    }

    /// Reads a channel's floor. The end of the packet makes it an unused one (4.3.2).
    pub(crate) fn decode(
        &self,
        bits: &mut BitReader<'_>,
        books: &[Codebook],
        long: bool,
        out: &mut FloorCurve,
    ) -> Result<(), PacketError> {
        let (read, kind) = match self {
            Self::Zero(floor) => (floor.decode(bits, books, long, &mut out.curve)?, Kind::Curve),
            Self::One(floor) => (floor.decode(bits, books, &mut out.points), Kind::Points),
        };
        out.kind = if read == Ok(true) { kind } else { Kind::Unused };
        Ok(())
    }
}

impl FloorCurve {
    /// Nothing is heard of the channel.
    pub(crate) fn is_unused(&self) -> bool {
        self.kind == Kind::Unused
    }

    /// Gives a flattened spectrum its shape (4.3.6).
    pub(crate) fn multiply(&self, spectrum: &mut [f32]) {
        match self.kind {
            Kind::Unused => spectrum.fill(0.0),
            Kind::Points => multiply_by_lines(&self.points, spectrum),
            Kind::Curve => spectrum.iter_mut().zip(&self.curve).for_each(|(value, floor)| *value *= floor),
        }
    }
}

/// A book that a header names.
pub(crate) fn book_number(
    bits: &mut BitReader<'_>,
    books: &[Codebook],
) -> Result<Result<usize, HeaderError>, EndOfPacket> {
    let number = bits.index(8)?;
    let known = number < books.len();
    Ok(known
        .then_some(number)
        .ok_or(HeaderError::Invalid("a Vorbis header names a codebook that does not exist")))
}
